/// The hashes of a content, both kinds always, so that another torrent format needs no second reading.
public struct ContentHashes: Equatable, Sendable {
    /// Bytes of the content.
    public let totalLength: Int64
    /// Bytes in each piece but the last.
    public let pieceLength: Int
    /// SHA-1 of each piece, 20 bytes each (BEP 3).
    public let sha1Pieces: [UInt8]
    /// Root of each piece's SHA-256 tree, 32 bytes each (BEP 52).
    public let sha256PieceLayer: [UInt8]
    /// Root of the whole SHA-256 tree, 32 bytes; empty for an empty content.
    public let piecesRoot: [UInt8]

    /// Makes hashes from their parts.
    public init(
        totalLength: Int64, pieceLength: Int, sha1Pieces: [UInt8], sha256PieceLayer: [UInt8], piecesRoot: [UInt8]
    ) {
        self.totalLength = totalLength
        self.pieceLength = pieceLength
        self.sha1Pieces = sha1Pieces
        self.sha256PieceLayer = sha256PieceLayer
        self.piecesRoot = piecesRoot
    }

    /// The number of pieces.
    public var pieceCount: Int { sha1Pieces.count / 20 }
}
