import ByteCoding
import Cryptography
import Metainfo

/// The pieces a peer may ask for while it is choked, so that a new one gets something to trade with (BEP 6). They follow
/// from its address and the torrent, so that coming again does not bring others.
enum AllowedFastSet {
    /// Up to `count` pieces; none for IPv6, of which the extension says nothing.
    static func pieces(of hash: InfoHash, for address: IPAddress, pieceCount: Int, count: Int) -> [PieceIndex] {
        guard address.isIPv4, pieceCount > 0 else { return [] }
        let wanted = min(count, pieceCount)
        var pieces: [PieceIndex] = []
        var seed = Array(address.bytes.prefix(3)) + [0] + hash.bytes
        // A few rounds are enough for any torrent; small ones may get fewer pieces.
        for _ in 0..<32 where pieces.count < wanted {
            seed = Digest.sha1(seed)
            for start in stride(from: 0, to: seed.count, by: 4) where pieces.count < wanted {
                let number = seed[start..<min(start + 4, seed.count)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                let piece = PieceIndex(number % UInt32(clamping: pieceCount))
                if !pieces.contains(piece) { pieces.append(piece) }
            }
        }
        return pieces
    }
}
