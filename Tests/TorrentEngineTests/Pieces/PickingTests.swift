import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Which pieces are begun, by whom, in which order.
@Suite struct PickingTests {
    private var noRandomPieces: SchedulerLimits {
        var limits = SchedulerLimits()
        limits.randomPieces = 0
        return limits
    }

    @Test func theRarestPieceComesFirst() throws {
        var bench = try SchedulerBench(pieces: 20, limits: noRandomPieces)
        for number in 2...5 { bench.add(number, pieces: (0..<20).filter { $0 != 13 && $0 != 7 }, isUnchoked: false) }
        bench.add(6, pieces: [7], isUnchoked: false)
        bench.add(1)
        bench.drain()
        #expect(bench.pieces(of: 1) == [13, 7])
    }

    @Test func theFirstPiecesAreRandom() throws {
        var firsts: Set<Int> = []
        for seed in 1...40 {
            var bench = try SchedulerBench(pieces: 20, seed: UInt64(seed))
            for number in 2...5 { bench.add(number, pieces: (0..<20).filter { $0 != 13 }, isUnchoked: false) }
            bench.add(1)
            bench.drain()
            firsts.insert(try #require(bench.pieces(of: 1).first))
        }
        #expect(firsts.count > 5)
    }

    @Test func equallyRarePiecesAreTakenInAnyOrder() throws {
        var firsts: Set<Int> = []
        for seed in 1...30 {
            var bench = try SchedulerBench(pieces: 50, limits: noRandomPieces, seed: UInt64(seed))
            bench.add(1)
            bench.drain()
            firsts.insert(try #require(bench.pieces(of: 1).first))
        }
        #expect(firsts.count > 10)
    }

    @Test func aPeerThatLacksTheRarestGetsWhatItHas() throws {
        var limits = noRandomPieces
        limits.rarityProbes = 4
        var bench = try SchedulerBench(pieces: 400, blocks: 1, limits: limits)
        bench.add(1, pieces: Array(0..<390), isUnchoked: false)
        bench.add(2, pieces: Array(380..<400))
        bench.add(3, pieces: Array(380..<390))
        bench.drain()
        bench.scheduler.setRequestBudget(SchedulerBench.peer(2), maximum: 1)
        while !bench.requests(of: 3).isEmpty || !bench.requests(of: 2).isEmpty {
            bench.answer(3)
            bench.answer(2)
        }
        #expect((380..<400).allSatisfy { bench.scheduler.have[$0] })
    }

    @Test func begunPiecesAreFinishedFirst() throws {
        var bench = try SchedulerBench(pieces: 20, blocks: 16)
        bench.add(1)
        bench.drain()
        #expect(bench.pieces(of: 1).count == 1)
        bench.add(2)
        bench.drain()
        #expect(bench.pieces(of: 2) == bench.pieces(of: 1))
        bench.add(3)
        bench.drain()
        #expect(bench.pieces(of: 3) != bench.pieces(of: 1))
    }

    @Test func aFastPeerIsLeftAloneWithItsPiece() throws {
        var bench = try SchedulerBench(pieces: 40, blocks: 64)
        bench.add(1)
        bench.drain()
        for _ in 0..<5 {
            for _ in 0..<3 { bench.answer(1, count: 40) }
            bench.pass(seconds: 1)
        }
        let owned = try #require(bench.scheduler.partials.partials.first { $0.owner == 0 })
        bench.add(2)
        bench.drain()
        #expect(!bench.pieces(of: 2).contains(owned.piece))
        bench.choke(1)
        bench.remove(1)
        bench.add(3)
        bench.drain()
        #expect(bench.scheduler.partials.partials.allSatisfy { $0.owner != 0 || $0.piece == PartialPieces.none })
    }

    @Test func whenNothingElseIsLeftAnOwnedPieceIsShared() throws {
        var bench = try SchedulerBench(pieces: 2, blocks: 400)
        bench.add(1)
        bench.drain()
        for _ in 0..<3 {
            bench.answer(1, count: 100)
            bench.pass(seconds: 1)
        }
        bench.add(2)
        bench.add(3)
        bench.drain()
        #expect(!bench.requests(of: 2).isEmpty)
        #expect(!bench.requests(of: 3).isEmpty)
    }

    @Test func onlyWantedPiecesAreAskedFor() throws {
        let wanted = WantedBytes(ranges: [65536..<65537, 300_000..<400_000])
        var bench = try SchedulerBench(pieces: 20, wanted: wanted)
        bench.add(1)
        bench.drain()
        var seen: Set<Int> = []
        while !bench.requests(of: 1).isEmpty {
            seen.formUnion(bench.pieces(of: 1))
            bench.answer(1)
        }
        #expect(seen == [1, 4, 5, 6])
        #expect(bench.scheduler.isDone)
        #expect(bench.scheduler.wantedTotal == 4 * 65536)
        #expect(bench.scheduler.left == 16 * 65536)
        #expect(bench.interest[SchedulerBench.peer(1)] == false)
    }

    @Test func anEmptyTorrentIsDone() throws {
        let layout = try PieceLayout(totalLength: 0, pieceLength: 16384)
        var scheduler = PieceScheduler(layout: layout, have: Bitfield(count: 0), wanted: .everything, seed: 1)
        #expect(scheduler.isDone && scheduler.availability == 0)
        let now = ContinuousClock.now
        scheduler.join(SchedulerBench.peer(1), isFast: true, now: now)
        scheduler.owns(SchedulerBench.peer(1), Bitfield(full: 0))
        scheduler.unchoked(SchedulerBench.peer(1), now: now)
        scheduler.tick(now: now)
        var commands: [SchedulerCommand] = []
        scheduler.drain(into: &commands)
        #expect(commands.isEmpty)
    }

    @Test func whatIsThereIsNotAskedFor() throws {
        var have = Bitfield(full: 6)
        have[4] = false
        var bench = try SchedulerBench(pieces: 6, have: have)
        bench.add(1)
        bench.drain()
        #expect(bench.pieces(of: 1) == [4])
    }

    // MARK: Changing what is wanted

    @Test func whatIsNoLongerWantedIsCancelledAndKept() throws {
        var bench = try SchedulerBench(pieces: 4, blocks: 8)
        bench.add(1)
        bench.drain()
        let piece = try #require(bench.pieces(of: 1).first)
        bench.answer(1, count: 3)
        bench.scheduler.want(.nothing, now: bench.now)
        bench.drain()
        #expect(bench.requests(of: 1).isEmpty)
        #expect(bench.scheduler.isDone)
        #expect(bench.interest[SchedulerBench.peer(1)] == false)
        #expect(bench.scheduler.partialPieces.map(\.blocks.setCount) == [3])
        let start = Int64(piece) * 8 * 16384
        bench.scheduler.want(WantedBytes(ranges: [start..<start + 1]), now: bench.now)
        bench.drain()
        #expect(bench.requests(of: 1).count == 5)
        bench.answer(1)
        #expect(bench.scheduler.isDone)
    }

    @Test func pausingCancelsAndResumingGoesOn() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1)
        bench.add(2)
        bench.drain()
        bench.scheduler.pause(true)
        bench.drain()
        #expect(bench.requests(of: 1).isEmpty && bench.requests(of: 2).isEmpty)
        #expect(bench.interest.values.allSatisfy { !$0 })
        bench.pass(seconds: 3)
        #expect(bench.commands.isEmpty)
        bench.scheduler.pause(false)
        bench.drain()
        #expect(bench.interest.values.allSatisfy { $0 })
        while !bench.scheduler.isDone { #expect(bench.answer(1) + bench.answer(2) > 0) }
    }

    @Test func wantingTheSameChangesNothing() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1)
        bench.drain()
        bench.scheduler.want(.everything, now: bench.now)
        bench.drain()
        #expect(bench.commands.isEmpty)
    }
}
