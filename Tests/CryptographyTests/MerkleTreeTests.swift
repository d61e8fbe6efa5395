import Cryptography
import Testing

@Suite struct MerkleTreeTests {
    /// The tree written as its definition: pad to a power of two, hash in pairs.
    private func reference(_ leaves: [[UInt8]], width: Int) -> [UInt8] {
        var row = leaves + Array(repeating: [UInt8](repeating: 0, count: 32), count: width - leaves.count)
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { Digest.sha256(row[$0] + row[$0 + 1]) }
        }
        return row.first ?? []
    }

    private func leaves(_ count: Int) -> [[UInt8]] {
        (0..<count).map { Digest.sha256([UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]) }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100]) func rootOfLeaves(_ count: Int) {
        var width = 1
        while width < count { width *= 2 }
        let leaves = leaves(count)
        #expect(MerkleTree.root(ofLeaves: leaves.flatMap { $0 }) == reference(leaves, width: width))
    }

    @Test(arguments: [1, 4, 5, 8, 9, 17, 64], [1, 4, 16]) func pieceLayerLeadsToTheSameRoot(count: Int, perPiece: Int) {
        let leaves = leaves(count)
        let layer = MerkleTree.pieceLayer(ofLeaves: leaves.flatMap { $0 }, leavesPerPiece: perPiece)
        let pieces = (count + perPiece - 1) / perPiece
        #expect(layer.count == pieces * 32)
        for piece in 0..<pieces {
            let own = Array(leaves[piece * perPiece..<min((piece + 1) * perPiece, count)])
            #expect(Array(layer[piece * 32..<piece * 32 + 32]) == reference(own, width: perPiece))
        }
        guard count > perPiece else { return }
        let root = MerkleTree.root(ofLayer: layer, leavesPerNode: perPiece)
        #expect(root == MerkleTree.root(ofLeaves: leaves.flatMap { $0 }))
    }

    @Test func layersAndPadding() {
        let row = leaves(3).flatMap { $0 }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(MerkleTree.layer(above: row, padding: zero).count == 64)
        #expect(MerkleTree.zeroRoot(leafCount: 1) == zero)
        #expect(MerkleTree.zeroRoot(leafCount: 4) == reference([], width: 4))
        #expect(MerkleTree.root(ofLeaves: []) == zero)
    }
}
