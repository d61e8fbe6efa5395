public import Metainfo

/// What pages say about a content's torrent.
public struct TorrentSummary: Equatable, Sendable {
    /// The hash announced with: SHA-1 of the info dictionary.
    public let infoHashV1: InfoHash
    /// SHA-256 of the info dictionary (BEP 52), for hybrid torrents.
    public let infoHashV2: InfoHashV2?
    /// Bytes in each piece but the last.
    public let pieceLength: Int
    /// The number of pieces.
    public let pieceCount: Int

    /// Makes a summary from its parts.
    public init(infoHashV1: InfoHash, infoHashV2: InfoHashV2?, pieceLength: Int, pieceCount: Int) {
        self.infoHashV1 = infoHashV1
        self.infoHashV2 = infoHashV2
        self.pieceLength = pieceLength
        self.pieceCount = pieceCount
    }
}
