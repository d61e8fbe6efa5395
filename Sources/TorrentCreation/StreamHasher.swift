import Cryptography

/// Hashes a file whose bytes come in order, on the caller's thread.
///
/// ```swift
/// var hasher = try StreamHasher(pieceLength: 262_144)
/// hasher.update(firstBytes)
/// hasher.update(moreBytes)
/// let hashes = hasher.finish()
/// ```
public struct StreamHasher: ~Copyable, Sendable {
    private let scheme: PieceScheme
    private var digester: PieceDigester
    private var pieceFill = 0
    private var totalLength: Int64 = 0
    private var sha1Pieces: [UInt8] = []
    private var pieceLayer: [UInt8] = []

    /// A hasher of no bytes yet. Throws for a piece length that is no power of two between 16 KiB and 64 MiB.
    public init(pieceLength: Int, hashing: PieceHashing = .sha1AndTree) throws(TorrentCreationError) {
        scheme = try PieceScheme(pieceLength: pieceLength, hashing: hashing)
        digester = PieceDigester(scheme: scheme)
    }

    /// Adds the next bytes.
    public mutating func update(_ bytes: [UInt8]) { unsafe update(bytes.span.bytes) }

    /// Adds the next bytes.
    public mutating func update(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            // A full piece is closed only when more bytes come, since the only piece of a file is treated otherwise.
            if pieceFill == scheme.pieceLength { endPiece(isOnlyPiece: false) }
            let count = min(scheme.pieceLength - pieceFill, bytes.byteCount - offset)
            digester.update(bytes.extracting(offset..<offset + count))
            offset += count
            pieceFill += count
            totalLength += Int64(count)
        }
    }

    /// The hashes of all bytes; the hasher is used up.
    public consuming func finish() -> PieceHashes {
        if pieceFill > 0 { endPiece(isOnlyPiece: totalLength <= scheme.pieceLength) }
        return PieceHashes(
            totalLength: totalLength, scheme: scheme, sha1Pieces: sha1Pieces, sha256PieceLayer: pieceLayer)
    }

    private mutating func endPiece(isOnlyPiece: Bool) {
        let width = scheme.treeWidth(length: pieceFill, isOnlyPiece: isOnlyPiece)
        digester.finish(treeWidth: width, sha1Pieces: &sha1Pieces, pieceLayer: &pieceLayer)
        pieceFill = 0
    }
}

extension PieceHashes {
    /// Adds the root over the pieces.
    init(totalLength: Int64, scheme: PieceScheme, sha1Pieces: [UInt8], sha256PieceLayer: [UInt8]) {
        let root =
            sha256PieceLayer.count > MerkleTree.hashLength
            ? MerkleTree.root(ofLayer: sha256PieceLayer, leavesPerNode: scheme.leavesPerPiece) : sha256PieceLayer
        self.init(
            totalLength: totalLength, pieceLength: scheme.pieceLength, sha1Pieces: sha1Pieces,
            sha256PieceLayer: sha256PieceLayer, piecesRoot: root)
    }
}
