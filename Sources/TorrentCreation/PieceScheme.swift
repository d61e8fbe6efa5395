/// A checked piece length and which hashes are wanted.
struct PieceScheme: Equatable, Sendable {
    /// The block of BEP 52: what one SHA-256 leaf stands for.
    static let blockLength = 16_384

    let pieceLength: Int
    let hashing: PieceHashing

    init(pieceLength: Int, hashing: PieceHashing) throws(TorrentCreationError) {
        let isPowerOfTwo = pieceLength > 0 && pieceLength & (pieceLength - 1) == 0
        guard isPowerOfTwo, (Self.blockLength...(64 << 20)).contains(pieceLength) else {
            throw .badPieceLength(pieceLength)
        }
        self.pieceLength = pieceLength
        self.hashing = hashing
    }

    var leavesPerPiece: Int { pieceLength / Self.blockLength }

    func pieceCount(of totalLength: Int64) -> Int {
        let (whole, rest) = totalLength.quotientAndRemainder(dividingBy: Int64(pieceLength))
        return Int(whole) + (rest > 0 ? 1 : 0)
    }

    /// How many leaves the tree over one piece is padded to: a whole piece's, but a file that fits into one piece has a
    /// tree just high enough for its blocks (BEP 52).
    func treeWidth(length: Int, isOnlyPiece: Bool) -> Int {
        guard isOnlyPiece else { return leavesPerPiece }
        let blocks = (length + Self.blockLength - 1) / Self.blockLength
        var width = 1
        while width < blocks { width *= 2 }
        return width
    }
}

/// Which hashes a hasher computes.
public enum PieceHashing: Equatable, Sendable {
    /// SHA-1 of each piece, which is all that v1 torrents need.
    case sha1
    /// SHA-1 of each piece and, in the same pass, the SHA-256 tree of BEP 52.
    case sha1AndTree
    /// The SHA-256 tree alone, for torrents of version 2.
    case tree

    /// Whether the SHA-1 of each piece is computed.
    var hasSHA1: Bool { self != .tree }
    /// Whether the tree is computed.
    var hasTree: Bool { self != .sha1 }
}
