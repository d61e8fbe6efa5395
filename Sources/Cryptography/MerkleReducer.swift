/// Reduces rows of hashes to their root in place, with one digest context for all of them.
public struct MerkleReducer: ~Copyable, Sendable {
    private var context = DigestContext(.sha256)

    /// A reducer, usable for any number of rows.
    public init() {}

    /// Replaces `nodes` (32 bytes each) by their root.
    ///
    /// - Parameters:
    ///   - width: how many nodes the row has once padded; a power of two, at least the number of nodes.
    ///   - padding: the node that fills the row up; on each layer above, the node over two of its kind.
    public mutating func reduce(_ nodes: inout [UInt8], width: Int, padding: [UInt8]) {
        var width = width
        var padding = padding
        if nodes.isEmpty { nodes = padding }
        while width > 1 {
            halve(&nodes, padding: padding)
            width /= 2
            // A full row never meets its padding, so most rows skip this.
            if nodes.count < width * MerkleTree.hashLength { padding = Digest.sha256(padding + padding) }
        }
    }

    /// Replaces `nodes` by the layer above them; an odd last node is paired with `padding`.
    mutating func halve(_ nodes: inout [UInt8], padding: [UInt8]) {
        let hash = MerkleTree.hashLength
        if (nodes.count / hash) % 2 == 1 { nodes.append(contentsOf: padding) }
        let pairs = nodes.count / (2 * hash)
        nodes.withUnsafeMutableBytes { buffer in
            for pair in 0..<pairs {
                context.update(UnsafeRawBufferPointer(rebasing: buffer[pair * 2 * hash..<(pair + 1) * 2 * hash]))
                guard let base = buffer.baseAddress else { return }
                context.finish(into: (base + pair * hash).assumingMemoryBound(to: UInt8.self))
            }
        }
        nodes.removeLast(nodes.count - pairs * hash)
    }
}
