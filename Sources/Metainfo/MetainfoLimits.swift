/// What a torrent may measure before it is refused.
public struct MetainfoLimits: Hashable, Sendable {
    /// The longest .torrent or `info`, in bytes.
    public var bytes = 10_000_000
    /// How deep its values may nest.
    public var depth = 100
    /// How many values and keys it may hold.
    public var tokens = 2_999_999
    /// How many pieces it may have.
    public var pieces = 2_097_152
    /// The longest piece, in bytes.
    public var pieceLength = 1 << 28
    /// How many files it may have.
    public var files = 200_000
    /// How many components a path may have.
    public var pathDepth = 100
    /// How many trackers, web seeds, nodes and unknown fields are kept of each; further ones are ignored.
    public var urls = 100
    /// The longest URL that is kept, in bytes.
    public var urlLength = 2048
    /// How many files' clip indexes are kept; further ones are ignored.
    public var clipIndexes = 100
    /// How many bytes all clip indexes together may have; those beyond are ignored.
    public var clipIndexBytes = 262_144

    /// The limits of `default`, to be changed.
    public init() {}

    /// 10 MB, depth 100, 2,097,152 pieces of up to 256 MiB, 200,000 files, 100 URLs, 100 clip indexes
    /// of 256 KiB together.
    public static let `default` = MetainfoLimits()
}
