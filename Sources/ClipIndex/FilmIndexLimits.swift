/// What a reader of encoded indexes accepts; an index in a .torrent comes from a stranger.
public struct FilmIndexLimits: Sendable {
    /// The greatest length of the encoded index in bytes.
    public var bytes: Int
    /// The greatest number of streams.
    public var streams: Int
    /// The greatest number of buckets in all streams together.
    public var buckets: Int
    /// The greatest number of header ranges.
    public var headerRanges: Int

    /// Limits from their parts.
    public init(bytes: Int, streams: Int, buckets: Int, headerRanges: Int) {
        self.bytes = bytes
        self.streams = streams
        self.buckets = buckets
        self.headerRanges = headerRanges
    }

    /// 32 MiB, 32 streams, 1,100,000 buckets, 64 header ranges: as much as a builder ever makes.
    public static let standard = FilmIndexLimits(bytes: 32 << 20, streams: 32, buckets: 1_100_000, headerRanges: 64)
}
