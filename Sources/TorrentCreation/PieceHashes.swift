/// Everything a torrent needs to know about its bytes, for BitTorrent v1 and v2 alike.
public struct PieceHashes: Equatable, Sendable {
    /// The length of the file, or of all files of a folder with what lies between them, in bytes.
    public let totalLength: Int64
    /// The length of every piece but the last in bytes: a power of two, at least 16 KiB.
    public let pieceLength: Int
    /// The SHA-1 of every piece, 20 bytes each (BEP 3 `pieces`). Empty when only the tree was asked for.
    public let sha1Pieces: [UInt8]
    /// The SHA-256 root of every piece, 32 bytes each (BEP 52 `piece layers`); of a file of one piece, its own root.
    /// Of a folder those of its files, one after another. Empty when only SHA-1 was asked for.
    public let sha256PieceLayer: [UInt8]
    /// The root over the file's 16 KiB blocks, 32 bytes (BEP 52 `pieces root`); empty for an empty file, for a folder, and
    /// when only SHA-1 was asked for.
    public let piecesRoot: [UInt8]

    /// Puts stored or computed values together; nothing is checked here.
    public init(
        totalLength: Int64, pieceLength: Int, sha1Pieces: [UInt8], sha256PieceLayer: [UInt8], piecesRoot: [UInt8]
    ) {
        self.totalLength = totalLength
        self.pieceLength = pieceLength
        self.sha1Pieces = sha1Pieces
        self.sha256PieceLayer = sha256PieceLayer
        self.piecesRoot = piecesRoot
    }

    /// How many pieces there are.
    public var pieceCount: Int { max(sha1Pieces.count / 20, sha256PieceLayer.count / 32) }
}
