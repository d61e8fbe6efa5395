import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// What peers say about themselves, and what we tell them.
@Suite struct PeerBookkeepingTests {
    @Test func onlyPeersThatHaveWhatWeLackInterestUs() throws {
        var have = Bitfield(count: 4)
        have[0] = true
        var bench = try SchedulerBench(pieces: 4, have: have)
        bench.add(1, pieces: [0], isUnchoked: false)
        bench.add(2, pieces: [0, 3], isUnchoked: false)
        bench.add(3, pieces: [], isUnchoked: false)
        bench.drain()
        #expect(bench.interest == [SchedulerBench.peer(2): true])
        bench.scheduler.owns(SchedulerBench.peer(3), SchedulerBench.piece(1))
        bench.drain()
        #expect(bench.interest[SchedulerBench.peer(3)] == true)
    }

    @Test func interestEndsWithTheLastPieceAPeerHas() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1, pieces: [2])
        bench.add(2)
        bench.drain()
        bench.answer(1)
        bench.answer(2, count: 0)
        while bench.scheduler.have[2] == false { bench.answer(2, count: 1) }
        #expect(bench.interest[SchedulerBench.peer(1)] == false)
        #expect(bench.interest[SchedulerBench.peer(2)] == true)
    }

    @Test func aChokingPeerIsAskedForNothing() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1, isUnchoked: false)
        bench.drain()
        #expect(bench.requests(of: 1).isEmpty)
        bench.scheduler.unchoked(SchedulerBench.peer(1), now: bench.now)
        bench.drain()
        #expect(bench.requests(of: 1).count == 8)
    }

    @Test func aChokeWithoutTheFastExtensionEndsAllRequests() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 8)
        bench.add(1, isFast: false)
        bench.drain()
        bench.choke(1)
        bench.add(2)
        bench.drain()
        #expect(bench.scheduler.figures(of: SchedulerBench.peer(1))?.openRequests == 0)
        #expect(bench.requests(of: 2).count == 8)
        let late = try #require(bench.requests(of: 2).first)
        #expect(bench.send(1, late) == .unwanted)
    }

    @Test func aChokeWithTheFastExtensionLeavesRequestsToBeRejected() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 8)
        bench.add(1)
        bench.drain()
        let asked = bench.requests(of: 1)
        bench.choke(1)
        bench.add(2)
        bench.drain()
        #expect(bench.scheduler.figures(of: SchedulerBench.peer(1))?.openRequests == 8)
        #expect(bench.send(1, asked[0]) == .store)
        for request in asked.dropFirst() { bench.scheduler.rejected(SchedulerBench.peer(1), request, now: bench.now) }
        bench.open[SchedulerBench.peer(1)] = []
        bench.drain()
        #expect(bench.requests(of: 1).isEmpty)
        #expect(Set(bench.requests(of: 2)) == Set(asked.dropFirst()))
    }

    @Test func allowedPiecesAreAskedForWhileChoked() throws {
        var bench = try SchedulerBench(pieces: 8)
        bench.add(1, pieces: [1, 2, 3], isUnchoked: false)
        bench.scheduler.allowedFast(SchedulerBench.peer(1), SchedulerBench.piece(2))
        bench.scheduler.allowedFast(SchedulerBench.peer(1), SchedulerBench.piece(7))
        bench.scheduler.allowedFast(SchedulerBench.peer(1), SchedulerBench.piece(4_000_000))
        bench.drain()
        #expect(bench.pieces(of: 1) == [2])
        #expect(bench.requests(of: 1).count == 4)
    }

    @Test func anAllowedPieceThatIsRejectedIsNotAskedForAgain() throws {
        var bench = try SchedulerBench(pieces: 8, blocks: 1)
        bench.add(1, isUnchoked: false)
        bench.scheduler.allowedFast(SchedulerBench.peer(1), SchedulerBench.piece(2))
        bench.drain()
        let request = try #require(bench.requests(of: 1).first)
        bench.scheduler.rejected(SchedulerBench.peer(1), request, now: bench.now)
        bench.open = [:]
        bench.drain()
        #expect(bench.requests(of: 1).isEmpty)
    }

    @Test func suggestedPiecesComeFirst() throws {
        var bench = try SchedulerBench(pieces: 50)
        bench.add(1, isUnchoked: false)
        bench.scheduler.suggested(SchedulerBench.peer(1), SchedulerBench.piece(31))
        bench.scheduler.suggested(SchedulerBench.peer(1), SchedulerBench.piece(77))
        bench.scheduler.unchoked(SchedulerBench.peer(1), now: bench.now)
        bench.drain()
        #expect(bench.pieces(of: 1).first == 31)
    }

    @Test func hintsAreBounded() throws {
        var bench = try SchedulerBench(pieces: 500)
        bench.add(1, pieces: [])
        for piece in 0..<500 {
            bench.scheduler.suggested(SchedulerBench.peer(1), SchedulerBench.piece(piece))
            bench.scheduler.allowedFast(SchedulerBench.peer(1), SchedulerBench.piece(piece))
        }
        #expect(bench.scheduler.peers[0].suggested.count == 64)
        #expect(bench.scheduler.peers[0].allowedFast.count == 64)
    }

    @Test func aRefusingPeerIsLeftAloneForAWhile() throws {
        var bench = try SchedulerBench(pieces: 8)
        bench.add(1)
        bench.drain()
        for _ in 0..<3 {
            for request in bench.requests(of: 1) {
                bench.scheduler.rejected(SchedulerBench.peer(1), request, now: bench.now)
            }
            bench.open = [:]
            bench.drain()
            #expect(bench.requests(of: 1).isEmpty)
        }
        bench.pass(seconds: 17)
        #expect(bench.requests(of: 1).count == 2)
        bench.answer(1)
        #expect(bench.scheduler.peers[0].rejects == 0)
    }

    @Test func aPeerKeepsItsBudget() throws {
        var bench = try SchedulerBench(pieces: 40)
        bench.add(1, isUnchoked: false)
        bench.scheduler.setRequestBudget(SchedulerBench.peer(1), maximum: 3)
        bench.scheduler.unchoked(SchedulerBench.peer(1), now: bench.now)
        bench.drain()
        for _ in 0..<10 {
            #expect(bench.requests(of: 1).count == 3)
            bench.answer(1)
        }
        bench.scheduler.setRequestBudget(SchedulerBench.peer(1), maximum: -5)
        bench.answer(1)
        #expect(bench.requests(of: 1).count == 1)
    }

    @Test func whatAPeerLeavesBehindGoesToOthers() throws {
        var bench = try SchedulerBench(pieces: 1, blocks: 8)
        bench.add(1)
        bench.add(2)
        bench.drain()
        bench.answer(1, count: 3)
        bench.remove(1)
        bench.drain()
        bench.answer(2)
        #expect(bench.scheduler.isDone)
    }

    @Test func aPieceAPeerLostIsNotAskedOfIt() throws {
        var bench = try SchedulerBench(pieces: 2, blocks: 2)
        bench.add(1)
        bench.drain()
        #expect(bench.requests(of: 1).count == 4)
        bench.scheduler.lost(SchedulerBench.peer(1), SchedulerBench.piece(1))
        bench.open[SchedulerBench.peer(1)]?.removeAll { $0.piece.rawValue == 1 }
        bench.drain()
        bench.answer(1)
        #expect(bench.scheduler.have[0])
        #expect(bench.requests(of: 1).isEmpty)
        #expect(bench.interest[SchedulerBench.peer(1)] == false)
        #expect(bench.scheduler.availability == 0.5)
    }

    @Test func aLaterBitfieldReplacesTheFormer() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1, isUnchoked: false)
        #expect(bench.scheduler.availability == 1)
        bench.scheduler.owns(SchedulerBench.peer(1), Bitfield(count: 4))
        bench.drain()
        #expect(bench.scheduler.availability == 0)
        bench.scheduler.owns(SchedulerBench.peer(1), SchedulerBench.piece(3))
        bench.scheduler.owns(SchedulerBench.peer(1), SchedulerBench.piece(3))
        bench.scheduler.owns(SchedulerBench.peer(1), SchedulerBench.piece(4))
        bench.drain()
        #expect(bench.scheduler.availability == 0.25)
    }

    @Test func aPeerThatTellsAnewForEverIsNotHeard() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1, isUnchoked: false)
        for _ in 0..<20 {
            bench.scheduler.owns(SchedulerBench.peer(1), Bitfield(full: 4))
            bench.scheduler.lost(SchedulerBench.peer(1), SchedulerBench.piece(0))
        }
        bench.drain()
        #expect(bench.scheduler.peers[0].tellings == 8)
        #expect(bench.scheduler.availability == 0.75)
    }

    @Test func distributedCopiesCountSeedsAndTheRarestPiece() throws {
        var bench = try SchedulerBench(pieces: 4)
        bench.add(1)
        bench.add(2)
        bench.add(3, pieces: [0, 1, 2])
        bench.add(4, pieces: [0])
        #expect(bench.scheduler.availability == 2.75)
        bench.add(5, pieces: [3])
        #expect(bench.scheduler.availability == 3.25)
    }

    @Test func strangersAreIgnored() throws {
        var bench = try SchedulerBench(pieces: 2)
        let stranger = SchedulerBench.peer(9)
        bench.scheduler.owns(stranger, Bitfield(full: 2))
        bench.scheduler.unchoked(stranger, now: bench.now)
        bench.scheduler.choked(stranger, now: bench.now)
        bench.scheduler.lost(stranger, SchedulerBench.piece(0))
        bench.scheduler.leave(stranger, now: bench.now)
        bench.drain()
        #expect(bench.commands.isEmpty)
        #expect(bench.scheduler.figures(of: stranger) == nil)
        #expect(bench.send(9, BlockRequest(piece: SchedulerBench.piece(0), begin: 0, length: 16384)) == .unwanted)
    }

    @Test func joiningTwiceIsJoiningOnce() throws {
        var bench = try SchedulerBench(pieces: 2)
        bench.add(1)
        bench.scheduler.join(SchedulerBench.peer(1), isFast: true, now: bench.now)
        bench.scheduler.joinWebSeed(SchedulerBench.peer(1), spanBytes: 1, now: bench.now)
        bench.drain()
        #expect(bench.scheduler.seeds == 1)
        bench.remove(1)
        bench.drain()
        #expect(bench.scheduler.seeds == 0)
    }
}
