import ByteCoding
import Metainfo
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

/// The rows of the data set `peer-wire` that concern one who downloads (HAZARDS P01, P05, P06), against the parts that
/// decide. Those that concern a seeder are tried on a listening engine in `PeerWireConformanceTests`.
@Suite struct LeecherConformanceTests {
    private let start = ContinuousClock.now
    private let number = PeerNumber(rawValue: 1)

    private func layout() throws -> PieceLayout {
        try PieceLayout(totalLength: 300_000, pieceLength: 65_536)
    }

    private func connection(_ layout: PieceLayout?) throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        let handshake = PeerHandshake(features: [.fast, .extensions], infoHash: hash, peerID: id)
        return PeerConnection(
            handshake: handshake, layout: layout, limits: EngineLimits(), isTrading: true, now: start)
    }

    /// The bytes of a row: as they are listed, or built as they are described.
    private func message(_ name: String) throws -> PeerMessage? {
        let rows = try Conformance.rows("peer-wire")
        guard let row = rows.first(where: { $0["name"] == name }) else {
            #expect(rows.isEmpty, "\(name) has gone from the data set")
            return nil
        }
        switch name {
        case "piece_unrequested":
            return .piece(PieceIndex(0), begin: 0, data: [UInt8](repeating: 0x58, count: 16_384)[...])
        case "ut_metadata_oversized_msg":
            let head = "d8:msg_typei1e5:piecei0e10:total_sizei18000ee"
            return .extended(
                id: OurExtensions.metadata,
                payload: (Array(head.utf8) + [UInt8](repeating: 0x58, count: 18_000))[...])
        default:
            let bytes = try #require(Hex.decode(row["hex"] ?? ""))
            return try PeerMessage(decoding: bytes.dropFirst(4))
        }
    }

    @Test func aBlockFromAPeerThatWasNotAskedClosesAndIsDropped() throws {
        guard case .piece(let piece, let begin, let data)? = try message("piece_unrequested") else {
            return
        }
        let layout = try layout()
        var peer = try connection(layout)
        #expect(
            peer.receiveBlock(piece: piece, begin: begin, length: data.count, now: start) == .unexpectedPiece)
        var scheduler = PieceScheduler(
            layout: layout, have: Bitfield(count: layout.pieceCount), wanted: .everything, seed: 1)
        scheduler.join(number, isFast: true, now: start)
        let receipt = scheduler.received(
            number, piece: piece, begin: begin, length: data.count, now: start)
        #expect(receipt == .unwanted)
        #expect(scheduler.have.isEmpty)
    }

    @Test func endlessBlocksNobodyAskedForCloseTheConnection() throws {
        guard case .piece(let piece, let begin, let data)? = try message("piece_unrequested") else {
            return
        }
        var peer = try connection(try layout())
        _ = peer.receive(.haveAll, now: start)
        _ = peer.receive(.unchoke, now: start)
        _ = peer.ask(BlockRequest(piece: PieceIndex(1), begin: 0, length: 16_384))
        var reason: PeerCloseReason?
        var blocks = 0
        while reason == nil, blocks < 10_000 {
            blocks += 1
            reason = peer.receiveBlock(piece: piece, begin: begin, length: data.count, now: start)
            reason = reason ?? peer.noteUnwanted(data.count)
        }
        #expect(reason == .unexpectedPiece)
    }

    @Test func aBlockOfAPieceThatDoesNotExistCloses() throws {
        guard case .piece(let piece, let begin, let data)? = try message("piece_out_of_range") else {
            return
        }
        var peer = try connection(try layout())
        #expect(
            peer.receiveBlock(piece: piece, begin: begin, length: data.count, now: start)
                == .unexpectedPiece)
    }

    /// CVE-2026-57080: no memory by a peer's word.
    @Test(arguments: ["ut_metadata_size_4g", "ut_metadata_size_negative"])
    func impossibleMetadataSizesAreIgnored(_ name: String) throws {
        guard let message = try message(name) else { return }
        var peer = try connection(nil)
        let actions = peer.receive(message, now: start)
        #expect(!actions.contains { if case .close = $0 { true } else { false } })
        #expect(peer.extensions.metadataSize == nil)
        #expect(peer.extensions.metadataID == 2)
    }

    @Test func metadataMessagesOverSeventeenKibibytesClose() throws {
        guard let message = try message("ut_metadata_oversized_msg") else { return }
        var peer = try connection(nil)
        #expect(peer.receive(message, now: start) == [.close(.malformedMessage)])
    }

    @Test func metadataOfAnotherHashIsDiscardedAndItsSenderNamed() throws {
        let truth = [UInt8](repeating: 1, count: 40_000)
        var fetch = MetadataFetch(
            version1: InfoHash(bytes: [UInt8](repeating: 9, count: 20)), version2: nil)
        fetch.join(number, size: truth.count)
        var outcome = MetadataFetch.Outcome.incomplete
        for request in fetch.next(now: start) {
            let block = truth.dropFirst(request.piece * 16_384).prefix(16_384)
            outcome = fetch.received(
                number, piece: request.piece, totalSize: truth.count, block: Array(block))
        }
        #expect(outcome == .wrong(liar: number))
        #expect(fetch.next(now: start).isEmpty)
    }
}
