import ByteCoding
import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// The conversation with one peer of a torrent that is downloaded.
@Suite struct PeerConnectionTakingTests {
    let start = ContinuousClock.now
    let layout: PieceLayout

    init() throws { layout = try PieceLayout(totalLength: 100_000, pieceLength: 32_768) }

    private func connection(
        _ features: PeerHandshake.Features = [.fast, .extensions], knowsLayout: Bool = true,
        offered: [Int] = [], limits: EngineLimits = EngineLimits()
    ) throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        var pieces = Bitfield(count: layout.pieceCount)
        for piece in offered { pieces[piece] = true }
        return PeerConnection(
            handshake: PeerHandshake(features: features, infoHash: hash, peerID: id),
            layout: knowsLayout ? layout : nil, limits: limits, offered: pieces, isTrading: true, now: start)
    }

    private func block(_ piece: UInt32 = 0, _ begin: UInt32 = 0, _ length: UInt32 = 16_384) -> BlockRequest {
        BlockRequest(piece: PieceIndex(piece), begin: begin, length: length)
    }

    /// Asks the peer for a block of the last piece.
    private func asked(_ peer: inout PeerConnection) -> PeerMessage? {
        _ = peer.receive(.haveAll, now: start)
        _ = peer.receive(.unchoke, now: start)
        return peer.ask(block(3, 0, 1_696))
    }

    // MARK: What we say to have

    @Test func aPartialSeedSaysWhatItHas() throws {
        #expect(try connection().opening() == [.send(.haveNone)])
        #expect(try connection([]).opening().isEmpty)
        #expect(try connection(offered: [0, 3]).opening() == [.send(.bitfield([0b1001_0000]))])
        #expect(try connection(offered: [0, 1, 2, 3]).opening() == [.send(.haveAll)])
        #expect(try connection(knowsLayout: false).opening() == [.send(.haveNone)])
    }

    @Test func aPieceIsOfferedOnceAndServedFromThenOn() throws {
        var peer = try connection()
        _ = peer.receive(.interested, now: start)
        _ = peer.unchoke(now: start)
        #expect(peer.receive(.request(block(1)), now: start) == [.send(.reject(block(1)))])
        #expect(peer.offer(PieceIndex(1)) == .have(PieceIndex(1)))
        #expect(peer.offer(PieceIndex(1)) == nil)
        #expect(peer.offer(PieceIndex(4)) == nil)
        #expect(peer.receive(.request(block(1)), now: start).isEmpty)
        #expect(peer.requests.count == 1)
    }

    @Test func aPieceThatIsLostIsNotServedAndToldWhereThatIsUnderstood() throws {
        var peer = try connection(offered: [1])
        _ = peer.receive(.interested, now: start)
        _ = peer.unchoke(now: start)
        let handshake = ExtensionHandshake(messageIDs: ["lt_donthave": 7])
        _ = peer.receive(.extended(id: 0, payload: handshake.encoded()[...]), now: start)
        #expect(peer.withdraw(PieceIndex(1)) == .extended(id: 7, payload: [0, 0, 0, 1]))
        #expect(peer.withdraw(PieceIndex(1)) == nil)
        #expect(peer.receive(.request(block(1)), now: start) == [.send(.reject(block(1)))])
    }

    // MARK: What the peer has and says

    @Test func whatThePeerHasIsTold() throws {
        var peer = try connection()
        #expect(peer.receive(.haveAll, now: start) == [.tell(.owns(Bitfield(full: 4)))])
        #expect(peer.receive(.haveNone, now: start) == [.tell(.owns(Bitfield(count: 4)))])
        #expect(peer.receive(.have(PieceIndex(2)), now: start) == [.tell(.ownsPiece(PieceIndex(2)))])
        #expect(peer.receive(.have(PieceIndex(2)), now: start).isEmpty)
        let lost = PeerMessage.extended(id: OurExtensions.dontHave, payload: [0, 0, 0, 2])
        #expect(peer.receive(lost, now: start) == [.tell(.lostPiece(PieceIndex(2)))])
        #expect(peer.receive(lost, now: start).isEmpty)
        let beyond = PeerMessage.extended(id: OurExtensions.dontHave, payload: [0, 0, 0, 9])
        #expect(peer.receive(beyond, now: start) == [.close(.invalidHave)])
    }

    @Test func chokesAreToldOnce() throws {
        var peer = try connection()
        #expect(peer.receive(.choke, now: start).isEmpty)
        #expect(peer.receive(.unchoke, now: start) == [.tell(.unchoked)])
        #expect(peer.receive(.unchoke, now: start).isEmpty)
        #expect(peer.receive(.choke, now: start) == [.tell(.choked)])
    }

    @Test func rejectsNeedTheFastExtension() throws {
        var fast = try connection()
        #expect(fast.receive(.reject(block()), now: start) == [.tell(.rejected(block()))])
        var plain = try connection([])
        #expect(plain.receive(.reject(block()), now: start) == [.close(.fastNotNegotiated)])
        #expect(plain.receive(.allowedFast(PieceIndex(0)), now: start) == [.close(.fastNotNegotiated)])
    }

    // MARK: Asking

    @Test func nothingIsAskedWhileChokedButWhatThePeerAllows() throws {
        var peer = try connection()
        _ = peer.receive(.haveAll, now: start)
        #expect(peer.ask(block(1)) == nil)
        #expect(peer.receive(.allowedFast(PieceIndex(1)), now: start) == [.tell(.allowedFast(PieceIndex(1)))])
        #expect(peer.ask(block(1)) == .request(block(1)))
        #expect(peer.ask(block(2)) == nil)
        _ = peer.receive(.unchoke, now: start)
        #expect(peer.ask(block(2)) == .request(block(2)))
    }

    @Test func nothingIsAskedThatThePeerLacks() throws {
        var peer = try connection()
        _ = peer.receive(.unchoke, now: start)
        #expect(peer.ask(block(1)) == nil)
        _ = peer.receive(.have(PieceIndex(1)), now: start)
        #expect(peer.ask(block(1)) == .request(block(1)))
    }

    @Test func interestIsToldOnce() throws {
        var peer = try connection()
        #expect(peer.want(true) == .interested)
        #expect(peer.want(true) == nil)
        #expect(peer.want(false) == .notInterested)
    }

    @Test(arguments: [(0, 16_384, 16_385), (4, 0, 1), (3, 0, 4_097), (0, 0, 0)] as [(UInt32, UInt32, Int)])
    func blocksOutsideThePieceClose(_ piece: UInt32, _ begin: UInt32, _ length: Int) throws {
        var peer = try connection()
        _ = asked(&peer)
        #expect(
            peer.receiveBlock(piece: PieceIndex(piece), begin: begin, length: length, now: start) == .unexpectedPiece)
    }

    @Test func blocksAreTakenOnlyFromPeersThatWereAsked() throws {
        var peer = try connection()
        #expect(peer.receiveBlock(piece: PieceIndex(3), begin: 0, length: 1_696, now: start) == .unexpectedPiece)
        #expect(asked(&peer) != nil)
        #expect(peer.receiveBlock(piece: PieceIndex(3), begin: 0, length: 1_696, now: start) == nil)
        #expect(peer.received == 1_696)
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        var seeder = PeerConnection(
            handshake: PeerHandshake(features: [], infoHash: hash, peerID: id), layout: layout,
            limits: EngineLimits(), now: start)
        #expect(seeder.receiveBlock(piece: PieceIndex(3), begin: 0, length: 10, now: start) == .unexpectedPiece)
    }

    @Test func floodsOfUnwantedBlocksClose() throws {
        var limits = EngineLimits()
        limits.unwantedBytes = 40_000
        var peer = try connection(limits: limits)
        #expect(peer.noteUnwanted(16_384) == nil)
        #expect(peer.noteUnwanted(16_384) == nil)
        #expect(peer.noteUnwanted(16_384) == .unexpectedPiece)
    }

    // MARK: Pieces granted while choked (BEP 6)

    @Test func grantedPiecesAreServedOnceWhileChoked() throws {
        var peer = try connection(offered: [0, 1])
        #expect(peer.grant([PieceIndex(1)]) == [.send(.allowedFast(PieceIndex(1)))])
        #expect(peer.receive(.request(block(1)), now: start).isEmpty)
        #expect(peer.receive(.request(block(1, 16_384)), now: start).isEmpty)
        #expect(peer.requests.count == 2)
        // The piece's bytes are used up.
        #expect(peer.receive(.request(block(1)), now: start) == [.send(.reject(block(1)))])
        #expect(peer.receive(.request(block(0)), now: start) == [.send(.reject(block(0)))])
    }

    /// The example of BEP 6: 80.4.4.200 and a hash of 0xaa bytes in a torrent of 1,313 pieces.
    @Test func theFastSetIsThatOfTheSpecification() throws {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 0xaa, count: 20)))
        let address = try #require(IPAddress("80.4.4.200"))
        let seven = AllowedFastSet.pieces(of: hash, for: address, pieceCount: 1_313, count: 7)
        #expect(seven.map(\.rawValue) == [1_059, 431, 808, 1_217, 287, 376, 1_188])
        let nine = AllowedFastSet.pieces(of: hash, for: address, pieceCount: 1_313, count: 9)
        #expect(nine.map(\.rawValue) == [1_059, 431, 808, 1_217, 287, 376, 1_188, 353, 508])
    }

    // MARK: Before the metadata

    @Test func whatCameBeforeTheMetadataIsCheckedWithIt() throws {
        var peer = try connection(knowsLayout: false)
        #expect(peer.receive(.bitfield([0b1000_0000]), now: start).isEmpty)
        #expect(peer.receive(.have(PieceIndex(3)), now: start).isEmpty)
        var pieces = Bitfield(count: 4)
        (pieces[0], pieces[3]) = (true, true)
        #expect(peer.learn(layout) == [.tell(.owns(pieces))])
        #expect(peer.have == pieces)
    }

    @Test(arguments: [.bitfield([0b0000_1000]), .bitfield([0, 0]), .have(PieceIndex(4))] as [PeerMessage])
    func whatCannotBeOfThisTorrentCloses(_ message: PeerMessage) throws {
        var peer = try connection(knowsLayout: false)
        #expect(peer.receive(message, now: start).isEmpty)
        #expect(peer.learn(layout) == [.close(.invalidBitfield)])
    }

    @Test func requestsBeforeTheMetadataAreRejected() throws {
        var peer = try connection(knowsLayout: false)
        _ = peer.receive(.interested, now: start)
        _ = peer.unchoke(now: start)
        #expect(peer.receive(.request(block()), now: start) == [.send(.reject(block()))])
    }

    // MARK: Time

    @Test func seedsStayWhilePiecesAreNeeded() throws {
        var peer = try connection()
        peer.keepsSeeds = true
        _ = peer.receive(.haveAll, now: start)
        #expect(peer.tick(now: start + .seconds(60)).isEmpty)
        peer.keepsSeeds = false
        #expect(peer.tick(now: start + .seconds(60)) == [.close(.bothSeeds)])
    }
}
