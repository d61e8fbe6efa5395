/// The hash tree of BEP 52: SHA-256 over 16 KiB blocks, in pairs up to one root.
///
/// Hashes lie side by side, 32 bytes each. Missing leaves are 32 zero bytes (not the hash of zeros); the tree is
/// padded with them to a power of two.
public enum MerkleTree {
    /// The bytes of a file under one leaf; the last block of a file may be shorter.
    public static let blockLength = 16_384
    /// The length of a hash in bytes.
    public static let hashLength = 32

    /// The root over the leaves of one file; 32 zero bytes for no leaf at all.
    public static func root(ofLeaves leaves: [UInt8]) -> [UInt8] {
        root(ofLayer: leaves, leavesPerNode: 1)
    }

    /// The root over a layer whose nodes each stand for `leavesPerNode` leaves (a power of two).
    public static func root(ofLayer layer: [UInt8], leavesPerNode: Int) -> [UInt8] {
        var reducer = MerkleReducer()
        var nodes = layer
        let width = nextPowerOfTwo(layer.count / hashLength)
        reducer.reduce(&nodes, width: width, padding: zeroRoot(leafCount: leavesPerNode))
        return nodes
    }

    /// The layer above `layer`: half as many nodes, an odd last one paired with `padding`.
    public static func layer(above layer: [UInt8], padding: [UInt8]) -> [UInt8] {
        var reducer = MerkleReducer()
        var nodes = layer
        reducer.halve(&nodes, padding: padding)
        return nodes
    }

    /// One root per piece of `leavesPerPiece` leaves (a power of two), the last piece padded with zero leaves.
    public static func pieceLayer(ofLeaves leaves: [UInt8], leavesPerPiece: Int) -> [UInt8] {
        var reducer = MerkleReducer()
        var layer: [UInt8] = []
        var start = 0
        while start < leaves.count, leavesPerPiece > 0 {
            let end = min(start + leavesPerPiece * hashLength, leaves.count)
            var piece = Array(leaves[start..<end])
            reducer.reduce(&piece, width: leavesPerPiece, padding: zeroRoot(leafCount: 1))
            layer.append(contentsOf: piece)
            start = end
        }
        return layer
    }

    /// The root of a tree of `leafCount` zero leaves (a power of two): what pads a layer of such nodes.
    public static func zeroRoot(leafCount: Int) -> [UInt8] {
        var node = [UInt8](repeating: 0, count: hashLength)
        var width = 1
        while width < leafCount {
            node = Digest.sha256(node + node)
            width *= 2
        }
        return node
    }

    static func nextPowerOfTwo(_ count: Int) -> Int {
        var width = 1
        while width < count { width *= 2 }
        return width
    }
}
