import Cryptography
import Metainfo
import PeerWire

extension HashFetch {
    /// Asks for the leaves of a piece; nothing happens when its own hash is not known or it has one block only.
    mutating func wantLeaves(of piece: PieceIndex) {
        guard leafParts[piece] == nil, let root = layers.root(of: piece), root.width > 1,
            let file = layers.file(of: piece), let fileRoot = file.piecesRoot
        else { return }
        let within = Int64(piece.rawValue) * Int64(layers.pieceLength) - file.offset
        let blocks = (root.length - 1) / MerkleTree.blockLength + 1
        // The piece's own hash is known, so the proof ends below it.
        let shape = Shape(
            root: fileRoot, level: 0, first: Int(within / Int64(MerkleTree.blockLength)), count: blocks,
            proofLayers: root.width.trailingZeroBitCount - 1)
        let requests = shape.requests
        leafParts[piece] = HashParts(count: blocks, requests: requests.count)
        // Asked next: the piece waits for them.
        add(requests)
    }

    mutating func wantLayer(of file: TorrentFile) {
        guard let root = file.piecesRoot else { return }
        let count = layers.pieceCount(of: file)
        let shape = Shape(
            root: root, level: layers.pieceLevel, first: 0, count: count,
            proofLayers: PieceLayers.powerOfTwo(atLeast: count).trailingZeroBitCount - 1)
        let requests = shape.requests
        parts[root] = HashParts(count: count, requests: requests.count)
        add(requests)
    }

    /// A run of nodes, cut into requests: 512 hashes each, the last one the power of two that holds what is left.
    private struct Shape {
        let root: [UInt8]
        let level: Int
        let first: Int
        let count: Int
        let proofLayers: Int

        var requests: [HashRequest] {
            stride(from: 0, to: count, by: HashFetch.chunk).compactMap { start in
                let length = max(2, min(HashFetch.chunk, PieceLayers.powerOfTwo(atLeast: count - start)))
                guard let level = UInt32(exactly: level), let index = UInt32(exactly: first + start),
                    let proof = UInt32(exactly: max(0, proofLayers))
                else { return nil }
                return HashRequest(
                    piecesRoot: root, baseLayer: level, index: index, length: UInt32(length), proofLayers: proof)
            }
        }
    }
}
