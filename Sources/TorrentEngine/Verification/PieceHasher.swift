import Cryptography

/// Hashes a piece that comes block by block, in order, against what it must be.
struct PieceHasher: ~Copyable {
    private let expected: PieceExpectation
    private var sha1 = SHA1Hasher()
    private var sha256 = SHA256Hasher()
    private var leaves: [UInt8] = []
    private var position = 0

    init(_ expected: PieceExpectation) {
        self.expected = expected
        leaves.reserveCapacity((expected.length / MerkleTree.blockLength + 1) * MerkleTree.hashLength)
    }

    /// Adds the next block: 16 KiB, the last may be shorter.
    mutating func add(_ block: UnsafeRawBufferPointer) {
        if expected.sha1 != nil { unsafe sha1.update(block) }
        if let tree = expected.tree, position < tree.byteCount {
            let end = min(block.count, tree.byteCount - position)
            unsafe sha256.update(UnsafeRawBufferPointer(rebasing: block[..<end]))
            sha256.finalize(appendingTo: &leaves)
        }
        position += block.count
    }

    enum Verdict: Equatable {
        case good
        /// The numbers of the bad blocks when they are known.
        case bad([Int]?)
        case inconsistent
    }

    /// The verdict over all blocks; the next piece would need a new hasher.
    mutating func verdict() -> Verdict {
        let matchesV1 = expected.sha1.map { sha1.finalize() == Array($0) }
        let matchesV2 = expected.tree.map { matches($0) }
        switch (matchesV1, matchesV2) {
        case (true, false), (false, true): return .inconsistent
        case (false, _), (_, false): return .bad(badBlocks())
        default: return .good
        }
    }

    /// The digests of the blocks as far as they are at hand: the leaves of a tree.
    var leafDigests: BlockDigests? {
        expected.tree == nil ? nil : BlockDigests(digestLength: MerkleTree.hashLength, bytes: leaves)
    }

    private func matches(_ tree: PieceExpectation.Tree) -> Bool {
        var nodes = leaves
        var reducer = MerkleReducer()
        reducer.reduce(&nodes, width: tree.width, padding: MerkleTree.zeroRoot(leafCount: 1))
        return nodes == tree.root
    }

    private func badBlocks() -> [Int]? {
        guard let known = expected.tree?.leaves, known.count == leaves.count else { return nil }
        let size = MerkleTree.hashLength
        let bad = (0..<leaves.count / size).filter {
            leaves[$0 * size..<($0 + 1) * size] != known[$0 * size..<($0 + 1) * size]
        }
        // Leaves that do not fit their root are no use.
        return bad.isEmpty ? nil : bad
    }
}
