import Cryptography

/// Computes the hashes of one piece after another from bytes that come in order; it allocates nothing per block.
struct PieceDigester: ~Copyable, Sendable {
    private static let zeroLeaf = [UInt8](repeating: 0, count: MerkleTree.hashLength)

    let hashing: PieceHashing
    private var sha1 = SHA1Hasher()
    private var sha256 = SHA256Hasher()
    private var reducer = MerkleReducer()
    private var leaves: [UInt8] = []
    private var blockFill = 0

    init(scheme: PieceScheme) {
        hashing = scheme.hashing
        leaves.reserveCapacity(scheme.leavesPerPiece * MerkleTree.hashLength)
    }

    mutating func update(_ bytes: RawSpan) {
        if hashing.hasSHA1 { sha1.update(bytes) }
        if hashing.hasTree { updateLeaves(bytes) }
    }

    /// Adds the zeros of a padding file, which version 2 does not hash.
    mutating func updatePadding(_ zeros: RawSpan) {
        if hashing.hasSHA1 { sha1.update(zeros) }
    }

    /// Appends the piece's SHA-1 and its tree's root, what is wanted of them; a new piece begins.
    mutating func finish(treeWidth: Int, sha1Pieces: inout [UInt8], pieceLayer: inout [UInt8]) {
        if hashing.hasSHA1 { sha1.finalize(appendingTo: &sha1Pieces) }
        guard hashing.hasTree else { return }
        if blockFill > 0 { endBlock() }
        reducer.reduce(&leaves, width: treeWidth, padding: Self.zeroLeaf)
        pieceLayer.append(contentsOf: leaves)
        leaves.removeAll(keepingCapacity: true)
    }

    private mutating func updateLeaves(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            let count = min(PieceScheme.blockLength - blockFill, bytes.byteCount - offset)
            sha256.update(bytes.extracting(offset..<offset + count))
            offset += count
            blockFill += count
            if blockFill == PieceScheme.blockLength { endBlock() }
        }
    }

    private mutating func endBlock() {
        sha256.finalize(appendingTo: &leaves)
        blockFill = 0
    }
}
