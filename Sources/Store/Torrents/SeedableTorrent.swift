public import Catalog
public import Metainfo

/// A torrent of which at least one video is published, without its info dictionary.
public struct SeedableTorrent: Equatable, Sendable {
    /// The hash announced with.
    public let infoHash: InfoHash
    /// SHA-256 of the info dictionary, for hybrid torrents.
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
}
