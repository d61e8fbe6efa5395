public import Catalog
public import Metainfo

/// A torrent of which at least one video is published, without its info dictionary.
public struct SeedableTorrent: Equatable, Sendable {
    /// The hash announced with.
    public let infoHash: InfoHash
    /// SHA-256 of the info dictionary, for hybrids and version 2 (BEP 52).
    public let infoHashV2: InfoHashV2?
    /// The content.
    public let mediaID: MediaID
    /// Bytes of the content.
    public let size: Int64
    /// Bytes in each piece but the last.
    public let pieceLength: Int
    /// The stable file name.
    public let fileName: String
    /// What has been counted so far.
    public let totals: SwarmTotals
    /// Trackers of others that the torrent came with.
    public let otherTrackers: TrackerTiers

    /// The other hash under which a hybrid is announced and found.
    public var alias: InfoHash? { infoHashV2.map(\.truncated).flatMap { $0 == infoHash ? nil : $0 } }
}
