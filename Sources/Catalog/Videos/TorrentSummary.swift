public import Metainfo

/// What pages say about a content's torrent.
public struct TorrentSummary: Equatable, Sendable {
    /// The hash announced with: SHA-1 of the info dictionary, or for version 2 alone the first 20 bytes of its SHA-256.
    public let infoHash: InfoHash
    /// SHA-256 of the info dictionary (BEP 52), for hybrids and version 2.
    public let infoHashV2: InfoHashV2?
    /// Bytes in each piece but the last.
    public let pieceLength: Int
    /// The number of pieces.
    public let pieceCount: Int
    /// Trackers of others that the torrent came with; ours stand before them.
    public let otherTrackers: TrackerTiers

    /// Makes a summary from its parts.
    public init(
        infoHash: InfoHash, infoHashV2: InfoHashV2?, pieceLength: Int, pieceCount: Int,
        otherTrackers: TrackerTiers = .none
    ) {
        self.infoHash = infoHash
        self.infoHashV2 = infoHashV2
        self.pieceLength = pieceLength
        self.pieceCount = pieceCount
        self.otherTrackers = otherTrackers
    }

    /// SHA-1 of the info dictionary; nil for version 2 alone.
    public var infoHashV1: InfoHash? { infoHashV2?.truncated == infoHash ? nil : infoHash }
}
