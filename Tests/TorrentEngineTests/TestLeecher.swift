import Cryptography
import Metainfo
import PeerWire
import Testing

/// Downloads a whole torrent over one connection and checks every piece.
struct TestLeecher {
    let peer: TestPeer
    let layout: PieceLayout
    var blockLength = 16_384
    /// Requests under way at one time.
    var pipeline = 32

    /// Waits for the bitfield or have-all, says it is interested and waits for the unchoke.
    func begin() async throws {
        let owned = try await peer.first { message in
            switch message {
            case .haveAll: true
            case .bitfield(let bytes): bytes == Bitfield(full: layout.pieceCount).bytes
            default: false
            }
        }
        try #require(owned != nil)
        try await peer.send(.interested)
        try #require(try await peer.first { $0 == .unchoke } != nil)
    }

    /// All blocks, in the order in which they are asked for.
    var blocks: [BlockRequest] {
        (0..<layout.pieceCount).flatMap { index in
            let piece = PieceIndex(UInt32(index))
            let length = layout.length(of: piece) ?? 0
            return stride(from: 0, to: length, by: blockLength).map {
                BlockRequest(piece: piece, begin: UInt32($0), length: UInt32(min(blockLength, length - $0)))
            }
        }
    }

    /// The content; throws when a piece does not have its hash.
    func download(_ pieceHashes: [[UInt8]]) async throws -> [UInt8] {
        var content = [UInt8](repeating: 0, count: Int(layout.totalLength))
        var waiting = blocks[...]
        var asked = waiting.prefix(pipeline)
        waiting = waiting.dropFirst(asked.count)
        try await peer.send(asked.flatMap { PeerMessage.request($0).encoded() })
        var left = blocks.count
        while left > 0 {
            let message = try #require(try await peer.next(), "closed with \(left) blocks to come")
            guard case .piece(let piece, let begin, let data) = message else { continue }
            let offset = Int(try #require(layout.offset(of: piece))) + Int(begin)
            content.replaceSubrange(offset..<offset + data.count, with: data)
            left -= 1
            asked = waiting.prefix(1)
            waiting = waiting.dropFirst(1)
            if let next = asked.first { try await peer.send(.request(next)) }
        }
        for (index, hash) in pieceHashes.enumerated() {
            let start = index * layout.pieceLength
            try #require(Digest.sha1(Array(content[start..<min(start + layout.pieceLength, content.count)])) == hash)
        }
        return content
    }
}
