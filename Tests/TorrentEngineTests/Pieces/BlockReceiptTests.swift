import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Blocks that come, and verdicts on pieces.
@Suite struct BlockReceiptTests {
    private let peer = SchedulerBench.peer(1)
    private let first = SchedulerBench.piece(0)

    @Test func aPieceIsCompleteWithItsLastBlock() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 3)
        bench.add(1)
        bench.drain()
        let requests = bench.requests(of: 1)
        #expect(bench.send(1, requests) == [.store, .store, .storeLast])
        #expect(!bench.scheduler.isDone)
        #expect(bench.scheduler.wantedLeft == 3 * 16384)
        bench.scheduler.verified(first)
        #expect(bench.scheduler.isDone)
        #expect(bench.scheduler.wantedLeft == 0)
        #expect(bench.scheduler.left == 0)
        #expect(bench.scheduler.have.isFull)
    }

    @Test func theLastBlockIsShort() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 1, tail: 100)
        bench.add(1)
        bench.drain()
        #expect(Set(bench.requests(of: 1).map(\.length)) == [16384, 100])
        #expect(bench.scheduler.wantedTotal == 16484)
        bench.answer(1)
        #expect(bench.scheduler.isDone)
    }

    @Test func piecesWithAGapBehindThemAreShort() throws {
        let short = [SchedulerBench.piece(0): 20_000]
        let layout = try PieceLayout(totalLength: 3 * 65536, pieceLength: 65536, shortPieces: short)
        var bench = try SchedulerBench(pieces: 3)
        bench.scheduler = PieceScheduler(layout: layout, have: Bitfield(count: 3), wanted: .everything, seed: 1)
        #expect(bench.scheduler.left == 2 * 65536 + 20_000)
        bench.add(1)
        bench.drain()
        while !bench.requests(of: 1).isEmpty { bench.answer(1) }
        #expect(bench.scheduler.isDone)
        #expect(bench.scheduler.wantedLeft == 0)
    }

    @Test func whatWasNotAskedForIsUnwanted() throws {
        var bench = try SchedulerBench(pieces: 4, blocks: 4)
        bench.add(1, pieces: [0])
        bench.add(2, pieces: [1])
        bench.drain()
        let asked = try #require(bench.requests(of: 1).first)
        #expect(bench.send(2, asked) == .unwanted)
        for (piece, begin, length) in [(2, 0, 16384), (0, 1, 16384), (0, 65536, 16384), (99, 0, 16384), (0, 16384, 7)] {
            let receipt = bench.scheduler.received(
                peer, piece: SchedulerBench.piece(piece), begin: UInt32(begin), length: length, now: bench.now)
            #expect(receipt == .unwanted)
        }
        #expect(bench.send(1, asked) == .store)
        #expect(bench.send(1, asked) == .unwanted)
    }

    @Test func aBlockOfTheWrongLengthIsAskedForAgain() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 1)
        bench.add(1)
        bench.drain()
        #expect(bench.scheduler.received(peer, piece: first, begin: 0, length: 16383, now: bench.now) == .unwanted)
        bench.open = [:]
        bench.drain()
        #expect(bench.requests(of: 1).count == 1)
    }

    @Test func contributorsAreNamed() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 4)
        bench.add(1)
        bench.drain()
        bench.answer(1, count: 2)
        bench.remove(1)
        bench.add(2)
        bench.drain()
        bench.send(2, bench.requests(of: 2))
        let senders = bench.scheduler.contributors(of: first).map(\.peer.rawValue)
        #expect(senders == [1, 1, 2, 2])
        #expect(bench.scheduler.contributors(of: first).map(\.begin) == [0, 16384, 32768, 49152])
        bench.scheduler.verified(first)
        #expect(bench.scheduler.contributors(of: first).isEmpty)
    }

    // MARK: Verdicts

    @Test func aFailedPieceIsFetchedAnewFromOnePeer() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 16)
        bench.add(1)
        bench.add(2)
        bench.drain()
        for number in [1, 2, 1, 2] { bench.sendAll(number) }
        #expect(bench.scheduler.contributors(of: first).count == 16)
        bench.scheduler.failed(first)
        bench.drain()
        while !bench.requests(of: 1).isEmpty || !bench.requests(of: 2).isEmpty {
            for number in [1, 2] { bench.sendAll(number) }
        }
        #expect(Set(bench.scheduler.contributors(of: first).map(\.peer)).count == 1)
        #expect(bench.scheduler.contributors(of: first).count == 16)
    }

    @Test func aFailedPieceIsOpenToAllWhenItsPeerIsSlow() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 16)
        bench.add(1)
        bench.drain()
        while !bench.requests(of: 1).isEmpty { bench.sendAll(1) }
        bench.scheduler.failed(first)
        bench.drain()
        bench.add(2)
        bench.drain()
        #expect(bench.requests(of: 2).isEmpty)
        bench.pass(seconds: 70)
        #expect(!bench.requests(of: 2).isEmpty)
    }

    @Test func onlyTheBlocksKnownToBeBadAreFetchedAnew() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 4)
        bench.add(1)
        bench.drain()
        bench.send(1, bench.requests(of: 1))
        bench.scheduler.failed(first, bad: [32768, 7, 1 << 30])
        bench.drain()
        #expect(bench.requests(of: 1).map(\.begin) == [32768])
        #expect(bench.scheduler.contributors(of: first).count == 3)
        bench.answer(1)
        #expect(bench.scheduler.isDone)
    }

    @Test func verdictsOnOtherPiecesChangeNothing() throws {
        var bench = try SchedulerBench(pieces: 2)
        bench.scheduler.failed(first)
        bench.scheduler.failed(SchedulerBench.piece(77))
        bench.scheduler.verified(SchedulerBench.piece(77))
        bench.scheduler.lostOnDisk(SchedulerBench.piece(77))
        bench.drain()
        #expect(bench.scheduler.left == bench.scheduler.layout.totalLength)
    }

    @Test func aPieceVerifiedElsewhereIsCancelled() throws {
        var bench = try SchedulerBench(pieces: 2)
        bench.add(1)
        bench.drain()
        #expect(bench.requests(of: 1).count == 8)
        bench.scheduler.verified(first)
        bench.scheduler.verified(first)
        bench.drain()
        #expect(bench.pieces(of: 1) == [1])
        #expect(bench.scheduler.left == 65536)
    }

    @Test func aPieceLostOnDiskIsFetchedAgain() throws {
        var bench = try SchedulerBench(pieces: 2, have: Bitfield(full: 2))
        bench.add(1)
        bench.add(2, pieces: [1])
        bench.drain()
        #expect(bench.scheduler.isDone && bench.interest.isEmpty)
        bench.scheduler.lostOnDisk(SchedulerBench.piece(1))
        bench.drain()
        #expect(bench.interest.values.allSatisfy { $0 } && bench.interest.count == 2)
        #expect(!bench.scheduler.isDone)
        bench.answer(1)
        bench.answer(2)
        #expect(bench.scheduler.isDone)
    }

    @Test func blocksOfAnUnfinishedPieceThatAreLostOnDiskAreFetchedAgain() throws {
        var bench = try SchedulerBench(pieces: 1)
        bench.add(1)
        bench.drain()
        let requests = bench.requests(of: 1)
        bench.send(1, requests)
        bench.scheduler.lostOnDisk(first)
        bench.drain()
        #expect(bench.requests(of: 1) == requests)
    }

    // MARK: Resuming

    @Test func unfinishedPiecesSurvive() throws {
        var bench = try SchedulerBench(pieces: 3)
        bench.add(1)
        bench.drain()
        bench.answer(1, count: 2)
        let saved = bench.scheduler.partialPieces
        #expect(saved.map(\.blocks.setCount) == [2])
        var next = try SchedulerBench(pieces: 3)
        for (piece, blocks) in saved { #expect(next.scheduler.restore(piece, blocks: blocks) == false) }
        next.add(1)
        next.drain()
        #expect(next.requests(of: 1).first?.piece == saved[0].piece)
        var blocks = 0
        while !next.requests(of: 1).isEmpty { blocks += next.answer(1) }
        #expect(blocks == 10)
        #expect(next.scheduler.isDone)
    }

    @Test func aRestoredWholePieceIsToBeVerified() throws {
        var bench = try SchedulerBench(pieces: 2)
        #expect(bench.scheduler.restore(first, blocks: Bitfield(full: 4)) == true)
        #expect(bench.scheduler.restore(first, blocks: Bitfield(full: 4)) == false)
        #expect(bench.scheduler.restore(SchedulerBench.piece(1), blocks: Bitfield(full: 3)) == false)
        #expect(bench.scheduler.restore(SchedulerBench.piece(9), blocks: Bitfield(full: 4)) == false)
        bench.add(1)
        bench.drain()
        #expect(bench.pieces(of: 1) == [1])
        bench.scheduler.verified(first)
        bench.drain()
        #expect(bench.scheduler.have[0])
    }

    // MARK: Padding

    @Test func paddingIsNotAskedFor() throws {
        var bench = try SchedulerBench(pieces: 3)
        let length: Int64 = 65536
        let padding = [20_000..<length, length + 40_000..<length + 50_000, 2 * length..<3 * length]
        bench.scheduler = PieceScheduler(
            layout: bench.scheduler.layout, have: Bitfield(count: 3), wanted: .everything, padding: padding, seed: 1)
        bench.add(1)
        bench.drain()
        var begins: [Int: Set<UInt32>] = [:]
        while !bench.requests(of: 1).isEmpty {
            for request in bench.requests(of: 1) {
                begins[Int(request.piece.rawValue), default: []].insert(request.begin)
            }
            bench.answer(1)
        }
        #expect(begins[0] == [0, 16384])
        #expect(begins[1]?.count == 4)
        #expect(begins[2]?.count == 4)
        #expect(bench.scheduler.isDone)
    }

    @Test func paddingStaysThereWhenAPieceFails() throws {
        var bench = try SchedulerBench(pieces: 1)
        bench.scheduler = PieceScheduler(
            layout: bench.scheduler.layout, have: Bitfield(count: 1), wanted: .everything, padding: [32768..<65536],
            seed: 1)
        bench.add(1)
        bench.drain()
        #expect(bench.send(1, bench.requests(of: 1)) == [.store, .storeLast])
        #expect(bench.scheduler.contributors(of: first).count == 2)
        bench.scheduler.failed(first)
        bench.drain()
        #expect(bench.requests(of: 1).count == 2)
        bench.remove(1)
        bench.drain()
        #expect(bench.scheduler.unbegun[0])
    }
}
