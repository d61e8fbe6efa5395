import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Extension messages (BEP 9, 10, 11) as a seeder takes them.
@Suite struct PeerExtensionTests {
    let start = ContinuousClock.now
    /// Three metadata blocks, the last one short.
    let info = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }

    private func connection(
        extended: Bool = true, metadataID: UInt8? = 5, limits: EngineLimits = EngineLimits()
    ) throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        var peer = PeerConnection(
            handshake: PeerHandshake(features: extended ? [.fast, .extensions] : [.fast], infoHash: hash, peerID: id),
            layout: try PieceLayout(totalLength: 100_000, pieceLength: 32_768), limits: limits, now: start)
        if let metadataID, extended {
            let theirs = ExtensionHandshake(
                messageIDs: ["ut_metadata": metadataID], client: "Test 1", listenPort: 7_000)
            #expect(peer.receive(.extended(id: 0, payload: theirs.encoded()[...]), now: start).isEmpty)
        }
        return peer
    }

    private func ask(_ peer: inout PeerConnection, _ piece: Int) -> [PeerAction] {
        peer.receive(
            .extended(id: 2, payload: MetadataMessage.request(piece: piece).encoded()[...]), now: start)
    }

    private func answers(_ actions: [PeerAction]) throws -> [MetadataMessage] {
        try actions.map { action in
            guard case .send(.extended(5, let payload)) = action else {
                Issue.record("not a metadata answer: \(action)")
                return .reject(piece: -1)
            }
            return try MetadataMessage(decoding: payload)
        }
    }

    @Test func theHandshakeIsRemembered() throws {
        var peer = try connection()
        #expect(peer.extensions == RemoteExtensions(metadataID: 5, client: "Test 1", listenPort: 7_000))
        let second = ExtensionHandshake(messageIDs: ["ut_metadata": 0], isUploadOnly: true)
        _ = peer.receive(.extended(id: 0, payload: second.encoded()[...]), now: start)
        #expect(peer.extensions.metadataID == nil && peer.extensions.isUploadOnly)
        #expect(peer.extensions.client == "Test 1")
    }

    @Test func metadataIsAnsweredBlockByBlock() throws {
        var peer = try connection()
        for piece in 0..<3 { #expect(ask(&peer, piece) == [.metadataRequested]) }
        let answers = try answers(peer.answerMetadata(info, room: 1 << 20))
        #expect(
            answers == [
                .data(piece: 0, totalSize: 40_000, block: Array(info[0..<16_384])),
                .data(piece: 1, totalSize: 40_000, block: Array(info[16_384..<32_768])),
                .data(piece: 2, totalSize: 40_000, block: Array(info[32_768...])),
            ])
        #expect(peer.metadataRequests.isEmpty)
    }

    @Test func metadataBlocksThatDoNotExistAreRejected() throws {
        var peer = try connection()
        for piece in [3, 1_000_000, Int(Int64.max)] { _ = ask(&peer, piece) }
        #expect(
            try answers(peer.answerMetadata(info, room: 1 << 20))
                == [.reject(piece: 3), .reject(piece: 1_000_000), .reject(piece: Int(Int64.max))])
    }

    @Test func withoutMetadataAllIsRejected() throws {
        var peer = try connection()
        _ = ask(&peer, 0)
        #expect(try answers(peer.answerMetadata(nil, room: 1 << 20)) == [.reject(piece: 0)])
    }

    @Test func answersKeepToTheRoomThereIs() throws {
        var peer = try connection()
        for _ in 0..<10 { _ = ask(&peer, 0) }
        #expect(peer.answerMetadata(info, room: 1).count == 1)
        #expect(peer.answerMetadata(info, room: 40_000).count == 3)
        #expect(peer.metadataRequests.count == 6)
    }

    @Test func metadataRequestsAreCapped() throws {
        var peer = try connection()
        for _ in 0..<256 { #expect(ask(&peer, 0) == [.metadataRequested]) }
        #expect(try answers(ask(&peer, 0)) == [.reject(piece: 0)])
    }

    @Test func metadataCannotBeFetchedForEver() throws {
        var limits = EngineLimits()
        limits.metadataFetches = 2
        var peer = try connection(limits: limits)
        var served = 0
        for round in 0..<100 {
            _ = ask(&peer, round % 3)
            if case .data = try answers(peer.answerMetadata(info, room: 1 << 20)).first { served += 1 }
        }
        #expect((6...9).contains(served))
    }

    @Test func aPeerThatTakesNoMetadataGetsNone() throws {
        var peer = try connection(metadataID: nil)
        #expect(ask(&peer, 0).isEmpty)
        #expect(peer.answerMetadata(info, room: 1 << 20).isEmpty)
    }

    static let broken: [(UInt8, [UInt8])] = [
        (0, Array("i1e".utf8)), (0, []), (0, Array("d1:m".utf8)),
        (0, [UInt8](repeating: UInt8(ascii: "l"), count: 30_000)),
        (0, Array("99999999999:a".utf8)), (2, Array("d8:msg_typei0e5:piecei-1ee".utf8)), (2, Array("x".utf8)),
        (1, Array("le".utf8)), (1, Array("5:added".utf8)),
    ]

    @Test(arguments: broken) func brokenPayloadsClose(id: UInt8, payload: [UInt8]) throws {
        var peer = try connection()
        #expect(peer.receive(.extended(id: id, payload: payload[...]), now: start) == [.close(.malformedMessage)])
    }

    @Test func unknownExtensionsAreIgnored() throws {
        var peer = try connection()
        #expect(peer.receive(.extended(id: 77, payload: [1, 2, 3]), now: start).isEmpty)
        #expect(
            peer.receive(.extended(id: 2, payload: MetadataMessage.reject(piece: 1).encoded()[...]), now: start).isEmpty
        )
    }

    @Test func extensionMessagesNeedTheExtension() throws {
        var peer = try connection(extended: false)
        let payload = ExtensionHandshake().encoded()[...]
        #expect(peer.receive(.extended(id: 0, payload: payload), now: start) == [.close(.malformedMessage)])
    }
}
