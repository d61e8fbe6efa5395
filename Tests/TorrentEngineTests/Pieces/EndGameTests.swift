import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// The last blocks, and web seeds.
@Suite struct EndGameTests {
    @Test func nothingIsAskedTwiceBefore() throws {
        var bench = try SchedulerBench(pieces: 100)
        for number in 1...8 { bench.add(number) }
        bench.drain()
        for round in 0..<5 {
            for number in 1...8 where number != 3 || round == 0 { bench.answer(number) }
            bench.pass(seconds: 1)
            let all = (1...8).flatMap { bench.requests(of: $0) }
            if !bench.scheduler.isEndGame { #expect(Set(all).count == all.count) }
        }
    }

    @Test func aFastPeerTakesOverFromASlowOne() throws {
        var bench = try SchedulerBench(pieces: 8)
        bench.add(1)
        bench.drain()
        let slow = bench.requests(of: 1)
        bench.add(2)
        bench.drain()
        var seconds = 0
        while !bench.scheduler.isDone, seconds < 15 {
            bench.answer(2)
            bench.pass(seconds: 1)
            seconds += 1
        }
        #expect(bench.scheduler.isDone)
        #expect(!slow.isEmpty)
        #expect(bench.requests(of: 1).isEmpty)
    }

    @Test func theOtherIsCancelledAndItsBlockDropped() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 1)
        bench.add(1)
        bench.drain()
        let request = try #require(bench.requests(of: 1).first)
        bench.add(2)
        bench.scheduler.peers[1].pipeline.received(bytes: 1 << 20, roundTrip: .milliseconds(10))
        bench.pass(seconds: 1)
        #expect(bench.requests(of: 2) == [request])
        #expect(bench.send(2, request) == .storeLast)
        bench.drain()
        #expect(bench.commands.contains(.cancel(SchedulerBench.peer(1), request)))
        #expect(bench.send(1, request) == .unwanted)
    }

    @Test func aPieceNobodyHasDoesNotHinderIt() throws {
        var bench = try SchedulerBench(pieces: 8)
        bench.add(1, pieces: Array(0..<7))
        #expect(!bench.scheduler.isEndGame)
        bench.drain()
        while bench.scheduler.have.setCount + bench.scheduler.partials.count < 7 { bench.answer(1) }
        #expect(bench.scheduler.isEndGame)
        #expect(!bench.scheduler.isDone)
    }

    // MARK: Silence

    @Test func aSilentPeersBlocksGoToOthersAndItsLateAnswerIsTaken() throws {
        var bench = try SchedulerBench(pieces: 50, blocks: 8)
        bench.add(1)
        bench.drain()
        let silent = bench.requests(of: 1)
        bench.pass(seconds: 21)
        #expect(bench.scheduler.figures(of: SchedulerBench.peer(1))?.openRequests == 1)
        let late = try #require(silent.last)
        #expect(bench.send(1, late) == .store)
        #expect(bench.scheduler.contributors(of: late.piece).map(\.peer) == [SchedulerBench.peer(1)])
    }

    @Test func aPeerSilentForAMinuteIsSnubbing() throws {
        var bench = try SchedulerBench(pieces: 50)
        bench.add(1)
        bench.add(2, isUnchoked: false)
        bench.drain()
        bench.pass(seconds: 59)
        #expect(bench.snubbing.isEmpty)
        bench.pass(seconds: 2)
        #expect(bench.snubbing == [SchedulerBench.peer(1): true])
        #expect(bench.scheduler.figures(of: SchedulerBench.peer(1))?.isSnubbing == true)
        let probe = try #require(bench.requests(of: 1).last)
        #expect(bench.send(1, probe) == .store)
        bench.drain()
        #expect(bench.snubbing == [SchedulerBench.peer(1): false])
        #expect((bench.scheduler.figures(of: SchedulerBench.peer(1))?.openRequests ?? 0) > 1)
    }

    @Test func aDroppedRequestIsAskedAgain() throws {
        var bench = try SchedulerBench(pieces: 2, blocks: 8)
        bench.add(1)
        bench.drain()
        let dropped = bench.requests(of: 1)[0]
        bench.open[SchedulerBench.peer(1)]?.removeFirst()
        for _ in 0..<70 where !bench.requests(of: 1).contains(dropped) {
            bench.answer(1, count: 1)
            bench.pass(seconds: 1)
        }
        #expect(bench.requests(of: 1).contains(dropped))
        while !bench.scheduler.isDone { #expect(bench.answer(1) > 0) }
    }

    @Test func aSlowPeerThatSendsIsNeverSnubbing() throws {
        var bench = try SchedulerBench(pieces: 50)
        bench.add(1)
        bench.drain()
        for _ in 0..<10 {
            bench.pass(seconds: 15)
            bench.answer(1, count: 1)
        }
        #expect(bench.snubbing.isEmpty)
    }
}
