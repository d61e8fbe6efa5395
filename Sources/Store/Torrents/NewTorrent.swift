public import Metainfo

/// A content's torrent as it is stored: the raw info dictionary and its hash. Everything around it is made per request.
public struct NewTorrent: Equatable, Sendable {
    /// SHA-1 of `infoBytes`.
    public var infoHashV1: InfoHash
    /// SHA-256 of `infoBytes`, for hybrid torrents (BEP 52).
    public var infoHashV2: InfoHashV2?
    /// The raw bencoded info dictionary.
    public var infoBytes: [UInt8]

    /// Makes a torrent from its parts.
    public init(infoHashV1: InfoHash, infoHashV2: InfoHashV2? = nil, infoBytes: [UInt8]) {
        self.infoHashV1 = infoHashV1
        self.infoHashV2 = infoHashV2
        self.infoBytes = infoBytes
    }
}
