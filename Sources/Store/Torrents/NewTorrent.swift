public import Catalog
public import Metainfo

/// A content's torrent as it is stored: the raw info dictionary and its hash. Everything around it is made per request.
public struct NewTorrent: Equatable, Sendable {
    /// The hash announced with: SHA-1 of `infoBytes`, or for version 2 alone the first 20 bytes of their SHA-256.
    public var infoHash: InfoHash
    /// SHA-256 of `infoBytes`, for hybrids and version 2 (BEP 52).
    public var infoHashV2: InfoHashV2?
    /// The raw bencoded info dictionary.
    public var infoBytes: [UInt8]
    /// Trackers of others that the torrent came with; ours stand before them.
    public var otherTrackers: TrackerTiers

    /// Makes a torrent from its parts.
    public init(
        infoHash: InfoHash, infoHashV2: InfoHashV2? = nil, infoBytes: [UInt8],
        otherTrackers: TrackerTiers = .none
    ) {
        self.infoHash = infoHash
        self.infoHashV2 = infoHashV2
        self.infoBytes = infoBytes
        self.otherTrackers = otherTrackers
    }
}
