import ByteCoding
import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// The conversation with one peer, message by message, with the clock as an argument.
@Suite struct PeerConnectionTests {
    let start = ContinuousClock.now
    static let layout = try? PieceLayout(totalLength: 100_000, pieceLength: 32_768)

    private func connection(
        _ features: PeerHandshake.Features = [.fast, .extensions], limits: EngineLimits = EngineLimits(),
        takenBefore: Int64 = 0
    ) throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        return PeerConnection(
            handshake: PeerHandshake(features: features, infoHash: hash, peerID: id),
            layout: try #require(Self.layout), limits: limits, takenBefore: takenBefore, now: start)
    }

    private func unchoked(
        _ features: PeerHandshake.Features = [.fast, .extensions], limits: EngineLimits = EngineLimits(),
        takenBefore: Int64 = 0
    ) throws -> PeerConnection {
        var peer = try connection(features, limits: limits, takenBefore: takenBefore)
        _ = peer.receive(.interested, now: start)
        _ = peer.unchoke(now: start)
        return peer
    }

    private func block(_ piece: UInt32 = 0, _ begin: UInt32 = 0, _ length: UInt32 = 16_384) -> BlockRequest {
        BlockRequest(piece: PieceIndex(piece), begin: begin, length: length)
    }

    // MARK: What we own

    @Test func aFastPeerHearsHaveAll() throws {
        #expect(try connection().opening() == [.send(.haveAll)])
    }

    @Test func aPlainPeerGetsABitfieldWithoutSpareBits() throws {
        #expect(try connection([]).opening() == [.send(.bitfield([0b1111_0000]))])
    }

    // MARK: Interest

    @Test func interestIsToldOnce() throws {
        var peer = try connection()
        #expect(peer.receive(.interested, now: start) == [.interestChanged])
        #expect(peer.receive(.interested, now: start).isEmpty)
        #expect(peer.receive(.notInterested, now: start) == [.interestChanged])
        #expect(peer.receive(.notInterested, now: start).isEmpty)
    }

    @Test func lostInterestRejectsWhatWaits() throws {
        var peer = try unchoked()
        _ = peer.receive(.request(block()), now: start)
        #expect(peer.receive(.notInterested, now: start) == [.send(.reject(block())), .interestChanged])
        #expect(peer.requests.isEmpty)
    }

    // MARK: Pieces the peer has

    @Test func pieceNumbersAreChecked() throws {
        var peer = try connection()
        #expect(peer.receive(.have(PieceIndex(3)), now: start).isEmpty)
        #expect(peer.have.setCount == 1)
        #expect(peer.receive(.have(PieceIndex(4)), now: start) == [.close(.invalidHave)])
        #expect(peer.receive(.have(PieceIndex(.max)), now: start) == [.close(.invalidHave)])
    }

    @Test(arguments: [[], [0, 0], [0b1111_1000], [0b0000_0001]] as [[UInt8]]) func badBitfieldsClose(
        _ bytes: [UInt8]
    ) throws {
        var peer = try connection()
        #expect(peer.receive(.bitfield(bytes), now: start) == [.close(.invalidBitfield)])
    }

    @Test func theLastWordOnPiecesCounts() throws {
        var peer = try connection()
        #expect(peer.receive(.bitfield([0b1010_0000]), now: start).isEmpty)
        #expect(peer.receive(.bitfield([0b1000_0000]), now: start).isEmpty)
        #expect(peer.have.setCount == 1)
        #expect(peer.receive(.haveAll, now: start).isEmpty)
        #expect(peer.have.isFull)
        #expect(peer.receive(.haveNone, now: start).isEmpty)
        #expect(peer.have.isEmpty && peer.fullSince == nil)
    }

    @Test(arguments: [PeerMessage.haveAll, .haveNone]) func fastMessagesNeedTheFastExtension(
        _ message: PeerMessage
    ) throws {
        var peer = try connection([])
        #expect(peer.receive(message, now: start) == [.close(.fastNotNegotiated)])
    }

    @Test func aSeedIsClosedAfterAMoment() throws {
        var peer = try connection()
        for piece in UInt32(0)..<4 { _ = peer.receive(.have(PieceIndex(piece)), now: start) }
        #expect(peer.tick(now: start + .seconds(4)).isEmpty)
        #expect(peer.tick(now: start + .seconds(5)) == [.close(.bothSeeds)])
    }

    // MARK: Requests

    @Test func validRequestsWaitInOrder() throws {
        var peer = try unchoked()
        let asked = [block(0, 0), block(1, 16_384), block(3, 0, 1_696), block(0, 0, 32_768)]
        for request in asked { #expect(peer.receive(.request(request), now: start).isEmpty) }
        var batch: [QueuedBlock] = []
        peer.takeBatch(into: &batch, bytes: 1 << 20)
        #expect(batch.map(\.request) == asked)
        #expect(batch.map(\.offset) == [0, 49_152, 98_304, 0])
        #expect(peer.requests.isEmpty)
        #expect(peer.taken == 16_384 * 2 + 1_696 + 32_768)
    }

    static let impossible: [BlockRequest] = [
        BlockRequest(piece: PieceIndex(4), begin: 0, length: 16_384),
        BlockRequest(piece: PieceIndex(.max), begin: .max, length: .max),
        BlockRequest(piece: PieceIndex(0), begin: 0, length: 0),
        BlockRequest(piece: PieceIndex(0), begin: 0, length: 0x7fff_ffff),
        BlockRequest(piece: PieceIndex(0), begin: 0xffff_f000, length: 0x4000),
        BlockRequest(piece: PieceIndex(0), begin: 32_768, length: 1),
        BlockRequest(piece: PieceIndex(3), begin: 0, length: 1_697),
        BlockRequest(piece: PieceIndex(0), begin: 0, length: 131_073),
    ]

    @Test(arguments: impossible) func impossibleRequestsAreRejected(_ request: BlockRequest) throws {
        var fast = try unchoked()
        #expect(fast.receive(.request(request), now: start) == [.send(.reject(request))])
        var plain = try unchoked([])
        #expect(plain.receive(.request(request), now: start).isEmpty)
        #expect(fast.requests.isEmpty && plain.requests.isEmpty)
    }

    @Test func tooManyImpossibleRequestsClose() throws {
        var peer = try unchoked([])
        let request = try #require(Self.impossible.first)
        for _ in 0..<EngineLimits().invalidRequests { #expect(peer.receive(.request(request), now: start).isEmpty) }
        #expect(peer.receive(.request(request), now: start) == [.close(.tooManyInvalidRequests)])
    }

    @Test func theQueueIsCapped() throws {
        var peer = try unchoked()
        for _ in 0..<2_000 { #expect(peer.receive(.request(block()), now: start).isEmpty) }
        #expect(peer.receive(.request(block()), now: start) == [.send(.reject(block()))])
        #expect(peer.requests.count == 2_000)
        var plain = try unchoked([])
        for _ in 0..<3_000 { #expect(plain.receive(.request(block()), now: start).isEmpty) }
        #expect(plain.requests.count == 2_000)
    }

    @Test func cancelledRequestsAreRejected() throws {
        var peer = try unchoked()
        _ = peer.receive(.request(block(0)), now: start)
        _ = peer.receive(.request(block(1)), now: start)
        #expect(peer.receive(.cancel(block(0)), now: start) == [.send(.reject(block(0)))])
        #expect(peer.receive(.cancel(block(0)), now: start).isEmpty)
        #expect(peer.receive(.cancel(block(2)), now: start).isEmpty)
        #expect(peer.requests.count == 1)
        var plain = try unchoked([])
        _ = plain.receive(.request(block(0)), now: start)
        #expect(plain.receive(.cancel(block(0)), now: start).isEmpty)
        #expect(plain.requests.isEmpty)
    }

    // MARK: Choking

    @Test func chokedPeersAreNotServed() throws {
        var peer = try connection()
        #expect(peer.receive(.request(block()), now: start) == [.send(.reject(block()))])
        var plain = try connection([])
        #expect(plain.receive(.request(block()), now: start).isEmpty)
        #expect(peer.requests.isEmpty && plain.requests.isEmpty)
    }

    @Test(arguments: [[], [.fast]] as [PeerHandshake.Features]) func insistingWhileChokedCloses(
        _ features: PeerHandshake.Features
    ) throws {
        var peer = try connection(features)
        for _ in 0..<250 { _ = peer.receive(.request(block()), now: start) }
        #expect(peer.receive(.request(block()), now: start) == [.close(.tooManyRequestsWhileChoked)])
    }

    @Test func requestsThatCrossOurChokeAreForgiven() throws {
        var peer = try unchoked()
        let later = start + .seconds(60)
        #expect(peer.choke(now: later) == [.send(.choke)])
        for _ in 0..<1_000 {
            #expect(peer.receive(.request(block()), now: later + .seconds(4)) == [.send(.reject(block()))])
        }
        for _ in 0..<250 { _ = peer.receive(.request(block()), now: later + .seconds(6)) }
        #expect(peer.receive(.request(block()), now: later + .seconds(6)) == [.close(.tooManyRequestsWhileChoked)])
    }

    @Test func chokingRejectsWhatWaits() throws {
        var peer = try unchoked()
        _ = peer.receive(.request(block(0)), now: start)
        _ = peer.receive(.request(block(1)), now: start)
        #expect(
            peer.choke(now: start) == [.send(.choke), .send(.reject(block(0))), .send(.reject(block(1)))])
        #expect(peer.choke(now: start).isEmpty)
        #expect(peer.unchoke(now: start) == [.send(.unchoke)])
        #expect(peer.unchoke(now: start).isEmpty)
        var plain = try unchoked([])
        _ = plain.receive(.request(block(0)), now: start)
        #expect(plain.choke(now: start) == [.send(.choke)])
        #expect(plain.requests.isEmpty)
    }

    // MARK: Content

    @Test func unreadableContentIsRejectedOrCloses() throws {
        var peer = try unchoked()
        for piece in UInt32(0)..<3 { _ = peer.receive(.request(block(piece)), now: start) }
        var batch: [QueuedBlock] = []
        peer.takeBatch(into: &batch, bytes: 16_384)
        #expect(batch.count == 1)
        #expect(peer.contentFailed(for: batch) == (0..<3).map { .send(.reject(block($0))) })
        #expect(peer.taken == 0)
        var plain = try unchoked([])
        #expect(plain.contentFailed(for: []) == [.close(.contentUnreadable)])
    }

    @Test func takingTooMuchCloses() throws {
        var limits = EngineLimits()
        limits.freeUploadPerPeer = 0
        var peer = try unchoked(limits: limits, takenBefore: 499_999)
        #expect(peer.allowance == 500_000)
        #expect(peer.receive(.request(block()), now: start).isEmpty)
        var batch: [QueuedBlock] = []
        peer.takeBatch(into: &batch, bytes: 16_384)
        #expect(peer.receive(.request(block()), now: start) == [.close(.tookTooMuch)])
        #expect(try unchoked().allowance == EngineLimits().freeUploadPerPeer)
    }

    // MARK: Time

    @Test func keepAlivesAreSentAndDoNotCount() throws {
        var peer = try connection()
        _ = peer.receive(.interested, now: start)
        _ = peer.unchoke(now: start)
        #expect(peer.tick(now: start + .seconds(99)).isEmpty)
        #expect(peer.tick(now: start + .seconds(100)) == [.send(.keepAlive)])
        peer.lastSent = start + .seconds(100)
        #expect(peer.tick(now: start + .seconds(150)).isEmpty)
        for second in stride(from: 100, through: 600, by: 100) {
            peer.lastHeard = start + .seconds(second)
            peer.lastSent = peer.lastHeard
            #expect(peer.receive(.keepAlive, now: start + .seconds(second)).isEmpty)
        }
        #expect(peer.tick(now: start + .seconds(600)) == [.close(.idle)])
    }

    @Test func aPeerThatWaitsForASlotMayBeQuiet() throws {
        var peer = try connection()
        _ = peer.receive(.interested, now: start)
        peer.lastHeard = start + .seconds(900)
        peer.lastSent = start + .seconds(900)
        #expect(peer.tick(now: start + .seconds(900)).isEmpty)
    }

    @Test func silenceCloses() throws {
        #expect(try connection().tick(now: start + .seconds(179)) == [.send(.keepAlive)])
        #expect(try connection().tick(now: start + .seconds(180)) == [.close(.silent)])
    }

    // MARK: What a seeder ignores or cannot take

    @Test(arguments: [
        PeerMessage.choke, .unchoke, .port(0), .suggest(PieceIndex(.max)), .allowedFast(PieceIndex(.max)),
        .reject(BlockRequest(piece: PieceIndex(9), begin: 9, length: 9)), .unknown(id: 254),
    ]) func harmlessMessagesAreIgnored(_ message: PeerMessage) throws {
        var peer = try connection()
        #expect(peer.receive(message, now: start).isEmpty)
    }

    @Test func blocksAreNotAskedFor() throws {
        var peer = try connection()
        let piece = PeerMessage.piece(PieceIndex(0), begin: 0, data: [1, 2, 3])
        #expect(peer.receive(piece, now: start) == [.close(.unexpectedPiece)])
    }

    @Test func hashesAreRejected() throws {
        var peer = try connection()
        let root = [UInt8](repeating: 3, count: 32)
        let request = try #require(
            HashRequest(piecesRoot: root, baseLayer: 0, index: 0, length: 2, proofLayers: 0))
        #expect(peer.receive(.hashRequest(request), now: start) == [.send(.hashReject(request))])
    }
}
