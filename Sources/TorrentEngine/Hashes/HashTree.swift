import Cryptography

/// The upper part of one file's Merkle tree, from the layer whose nodes stand for a piece up to the root (BEP 52).
///
/// Built once and checked against the root, so that every node in it can be handed out.
final class HashTree: Sendable {
    /// The layers as they are, without padding, 32 bytes a node: the pieces' first, the root last.
    private let layers: [[UInt8]]
    /// What pads each layer: the root over zero leaves.
    private let paddings: [[UInt8]]

    /// Nil when the piece layer does not lead to the root.
    ///
    /// - Parameters:
    ///   - layer: one hash a piece, 32 bytes each.
    ///   - leavesPerNode: how many 16 KiB leaves a node of that layer stands for, a power of two.
    init?(root: [UInt8], layer: [UInt8], leavesPerNode: Int) {
        let hash = MerkleTree.hashLength
        guard root.count == hash, !layer.isEmpty, layer.count.isMultiple(of: hash) else { return nil }
        var layers = [layer]
        var padding = MerkleTree.zeroRoot(leafCount: leavesPerNode)
        var paddings = [padding]
        var top = layer
        while top.count > hash {
            top = MerkleTree.layer(above: top, padding: padding)
            padding = Digest.sha256(padding + padding)
            layers.append(top)
            paddings.append(padding)
        }
        guard top == root else { return nil }
        self.layers = layers
        self.paddings = paddings
    }

    /// The pieces' hashes, 32 bytes each.
    var pieceLayer: [UInt8] { layers.first ?? [] }

    /// What stands for a piece behind the end of the file: the root over zero leaves.
    var padding: [UInt8] { paddings.first ?? [] }

    /// The hash of one piece; nil when there is none.
    func piece(_ index: Int) -> ArraySlice<UInt8>? {
        let start = index * MerkleTree.hashLength
        guard index >= 0, let layer = layers.first, start < layer.count else { return nil }
        return layer[start..<start + MerkleTree.hashLength]
    }

    /// Appends nodes of a layer, padding where the file has ended; `level` 0 is that of the pieces.
    func append(_ nodes: Range<Int>, level: Int, to out: inout [UInt8]) {
        guard layers.indices.contains(level) else { return }
        let hash = MerkleTree.hashLength
        let real = layers[level].count / hash
        let end = min(nodes.upperBound, real)
        if nodes.lowerBound < end { out += layers[level][nodes.lowerBound * hash..<end * hash] }
        for _ in max(nodes.lowerBound, real)..<max(nodes.upperBound, real) { out += paddings[level] }
    }
}
