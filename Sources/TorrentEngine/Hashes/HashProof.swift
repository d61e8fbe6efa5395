import Cryptography
import PeerWire

/// The way from hashes that a peer sent up to a hash that is known (BEP 52).
enum HashProof {
    /// How many uncles an answer brings after the hashes asked for: the layers that follow from those need none.
    static func uncleCount(_ request: HashRequest) -> Int {
        max(0, Int(request.proofLayers) - Int(request.length).trailingZeroBitCount + 1)
    }

    /// The hash that the answer leads to, `length` hashes and their uncles being given; nil when their number is wrong.
    static func top(of hashes: [UInt8], for request: HashRequest) -> [UInt8]? {
        let hash = MerkleTree.hashLength
        let length = Int(request.length)
        guard length > 0, length & (length - 1) == 0, hashes.count == (length + uncleCount(request)) * hash else {
            return nil
        }
        var node = Array(hashes[..<(length * hash)])
        var reducer = MerkleReducer()
        reducer.reduce(&node, width: length, padding: [])
        var position = Int(request.index) >> length.trailingZeroBitCount
        for start in stride(from: length * hash, to: hashes.count, by: hash) {
            let uncle = hashes[start..<start + hash]
            node = Digest.sha256(position & 1 == 0 ? node + uncle : uncle + node)
            position >>= 1
        }
        return node
    }
}
