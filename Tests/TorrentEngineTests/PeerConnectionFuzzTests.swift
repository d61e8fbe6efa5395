import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

/// Random and mutated messages: nothing traps, and what is kept for a peer stays bounded.
@Suite struct PeerConnectionFuzzTests {
    private let start = ContinuousClock.now

    private func connection(_ features: PeerHandshake.Features) throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        return PeerConnection(
            handshake: PeerHandshake(features: features, infoHash: hash, peerID: id),
            layout: try PieceLayout(totalLength: 3_000_000, pieceLength: 262_144), limits: EngineLimits(), now: start)
    }

    /// Mostly well-formed, with random content; every tenth one has random bytes changed.
    private func bytes(_ random: inout SplitMix64) -> [UInt8] {
        let id = UInt8(
            [0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 8, 9, 13, 14, 15, 16, 17, 20, 20, 21, 23, 99].randomElement(using: &random)
                ?? 0)
        let length =
            switch id {
            case 0...3, 14, 15: 0
            case 4, 13, 17: 4
            case 5: 2
            case 6, 8, 16: 12
            case 9: 2
            case 21, 23: 48
            default: Int.random(in: 1...60, using: &random)
            }
        var content = (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) }
        if id == 20 { content = [UInt8.random(in: 0...2, using: &random)] + Self.payload(&random) }
        var message: [UInt8] = []
        message.append(bigEndian: UInt32(content.count + 1))
        message += [id] + content
        if Int.random(in: 0..<10, using: &random) == 0 {
            message[Int.random(in: 4..<message.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        return message
    }

    private static func payload(_ random: inout SplitMix64) -> [UInt8] {
        let texts = [
            "d1:md11:ut_metadatai3eee", "d8:msg_typei0e5:piecei0ee", "d8:msg_typei0e5:piecei9223372036854775807ee",
            "d5:added6:abcdefe", "d8:msg_typei1e5:piecei0e10:total_sizei5eehello", "le", "i0e", "",
        ]
        return Array((texts.randomElement(using: &random) ?? "").utf8)
    }

    @Test(arguments: [[], [.fast], [.fast, .extensions]] as [PeerHandshake.Features])
    func nothingTrapsAndQueuesStayBounded(_ features: PeerHandshake.Features) throws {
        var random = SplitMix64(seed: 7)
        var closings = 0
        for round in 0..<300 {
            var peer = try connection(features)
            var framing = PeerMessageFraming(limits: PeerMessageLimits(pieceCount: 12, blockBytes: 0))
            if round % 2 == 0 { _ = peer.unchoke(now: start) }
            var batch: [QueuedBlock] = []
            messages: for _ in 0..<200 {
                framing.push(bytes(&random))
                while true {
                    guard let next = try? framing.next() else { break }
                    let actions = peer.receive(next, now: start)
                    #expect(!(peer.isChoked && !peer.requests.isEmpty))
                    #expect(peer.requests.count <= 2_000 && peer.metadataRequests.count <= 256)
                    guard !actions.contains(where: { if case .close = $0 { true } else { false } }) else {
                        closings += 1
                        break messages
                    }
                }
                peer.takeBatch(into: &batch, bytes: 65_536)
                for block in batch {
                    #expect(block.length > 0 && block.offset + Int64(block.length) <= 3_000_000)
                }
                _ = peer.answerMetadata([1, 2, 3], room: 10)
                _ = peer.tick(now: start + .seconds(1))
            }
        }
        #expect(closings > 0)
    }
}
