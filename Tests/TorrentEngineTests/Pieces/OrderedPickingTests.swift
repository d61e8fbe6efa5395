import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Pieces that are fetched one after the other, and in time.
@Suite struct OrderedPickingTests {
    private let piece: Int64 = 4 * 16384

    @Test func piecesComeInOrder() throws {
        var bench = try SchedulerBench(pieces: 30, wanted: WantedBytes(ranges: nil, order: .inOrder))
        bench.add(2, pieces: Array(0..<5), isUnchoked: false)
        bench.add(1)
        bench.drain()
        var seen: [Int] = []
        while !bench.requests(of: 1).isEmpty {
            seen += bench.pieces(of: 1).filter { !seen.contains($0) }
            bench.answer(1)
        }
        #expect(seen == Array(0..<30))
    }

    @Test func rangesComeOneAfterTheOther() throws {
        let wanted = WantedBytes(ranges: [20 * piece..<22 * piece, 3 * piece..<5 * piece], order: .inOrder)
        var bench = try SchedulerBench(pieces: 30, wanted: wanted)
        bench.add(1)
        bench.drain()
        #expect(bench.pieces(of: 1) == [20, 21])
        bench.answer(1)
        #expect(bench.pieces(of: 1) == [3, 4])
        bench.answer(1)
        #expect(bench.scheduler.isDone)
    }

    @Test func urgentPiecesComeBeforeTheRarest() throws {
        var bench = try SchedulerBench(pieces: 30)
        bench.add(1)
        bench.drain()
        bench.scheduler.want(.everything.first(17 * piece..<20 * piece), now: bench.now)
        bench.drain()
        let before = bench.requests(of: 1).count
        bench.answer(1, count: before)
        let begun = bench.pieces(of: 1).filter { (17..<20).contains($0) }
        #expect(bench.pieces(of: 1).prefix(begun.count) == begun.sorted()[...])
        while !(17..<20).allSatisfy({ bench.scheduler.have[$0] }) { bench.answer(1, count: 1) }
        #expect(bench.scheduler.have.setCount < 12)
        #expect(bench.scheduler.lanes.isEmpty)
        while !bench.requests(of: 1).isEmpty { bench.answer(1) }
        #expect(bench.scheduler.isDone)
    }

    @Test func aPeerThatLacksTheFirstGetsALaterOne() throws {
        var bench = try SchedulerBench(pieces: 300, wanted: WantedBytes(ranges: nil, order: .inOrder))
        bench.add(1, pieces: [250, 280])
        bench.drain()
        #expect(bench.pieces(of: 1) == [250, 280])
    }

    @Test func severalPeersShareAnUrgentPiece() throws {
        var bench = try SchedulerBench(pieces: 10, blocks: 16, wanted: WantedBytes(ranges: nil, order: .inOrder))
        bench.add(1)
        bench.add(2)
        bench.drain()
        #expect(bench.pieces(of: 1) == [0])
        #expect(bench.pieces(of: 2) == [0])
    }

    @Test func whatAPeerGaveUpComesFirstAgain() throws {
        var bench = try SchedulerBench(pieces: 10, wanted: WantedBytes(ranges: nil, order: .inOrder))
        bench.add(1)
        bench.add(2)
        bench.drain()
        #expect(bench.pieces(of: 1) == [0, 1])
        bench.remove(1)
        bench.answer(2)
        #expect(Set(bench.pieces(of: 2)).isSuperset(of: [0, 1]))
    }

    @Test func aLateBlockIsAskedOfASecondPeer() throws {
        var bench = try SchedulerBench(
            pieces: 40, wanted: WantedBytes(ranges: nil, order: .inOrder, deadline: .seconds(2)))
        bench.add(1)
        bench.drain()
        let stuck = bench.requests(of: 1)
        bench.add(2)
        bench.drain()
        for _ in 0..<4 {
            bench.answer(2)
            bench.pass(seconds: 1)
        }
        #expect(stuck.allSatisfy { bench.scheduler.have[$0.piece] || bench.requests(of: 2).contains($0) })
        bench.answer(2)
        #expect(stuck.allSatisfy { bench.scheduler.have[$0.piece] })
        #expect(bench.requests(of: 1).isEmpty || bench.requests(of: 1) != stuck)
    }

    @Test func withoutADeadlineASlowPeerHasThreeSeconds() throws {
        var bench = try SchedulerBench(pieces: 400, wanted: WantedBytes(ranges: nil, order: .inOrder))
        bench.add(1)
        bench.drain()
        let stuck = bench.requests(of: 1)
        bench.add(2)
        bench.drain()
        for _ in 0..<2 {
            bench.answer(2)
            bench.pass(seconds: 1)
        }
        #expect(stuck.allSatisfy { !bench.requests(of: 2).contains($0) })
        for _ in 0..<3 {
            bench.answer(2)
            bench.pass(seconds: 1)
        }
        bench.answer(2)
        #expect(stuck.allSatisfy { bench.scheduler.have[$0.piece] })
    }
}
