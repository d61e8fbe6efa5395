import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

@Suite struct WebSeedTests {
    private let piece: Int64 = 4 * 16384
    private let web = SchedulerBench.peer(9)

    private func bench(
        pieces: Int, blocks: Int = 4, tail: Int = 0, spanBytes: Int, wanted: WantedBytes = .everything
    ) throws -> SchedulerBench {
        var bench = try SchedulerBench(pieces: pieces, blocks: blocks, tail: tail, wanted: wanted)
        bench.scheduler.joinWebSeed(web, spanBytes: spanBytes, now: bench.now)
        bench.drain()
        return bench
    }

    /// The web seed delivers its span, or the first blocks of it. Returns how many were kept.
    @discardableResult
    private func deliver(_ bench: inout SchedulerBench, blocks: Int = .max) -> Int {
        guard let span = bench.spans[web] else { return 0 }
        var kept = 0
        var offset = span.lowerBound
        let pieceLength = Int64(bench.scheduler.layout.pieceLength)
        bench.spans[web] = nil
        while offset < span.upperBound, kept < blocks {
            let length = min(16384, span.upperBound - offset)
            let index = PieceIndex(UInt32(offset / pieceLength))
            let receipt = bench.scheduler.received(
                web, piece: index, begin: UInt32(offset % pieceLength), length: Int(length), now: bench.now)
            if receipt == .storeLast { bench.scheduler.verified(index) }
            kept += receipt == .unwanted ? 0 : 1
            offset += length
        }
        if offset < span.upperBound { bench.spans[web] = span }
        bench.drain()
        return kept
    }

    @Test func spansRunOverSeveralPieces() throws {
        var bench = try bench(pieces: 20, spanBytes: 3 * 65536, wanted: WantedBytes(ranges: nil, order: .inOrder))
        #expect(bench.spans[web] == 0..<3 * piece)
        deliver(&bench)
        #expect(bench.spans[web] == 3 * piece..<6 * piece)
        #expect(bench.scheduler.have.setCount == 3)
    }

    @Test func aWebSeedAloneCompletes() throws {
        var bench = try bench(pieces: 20, tail: 777, spanBytes: 200_000)
        var spans = 0
        while deliver(&bench) > 0 { spans += 1 }
        #expect(bench.scheduler.isDone)
        #expect(spans < 21)
        #expect(bench.spans.isEmpty)
    }

    @Test func spansAreOfWholeBlocksHoweverSmall() throws {
        var bench = try bench(pieces: 2, spanBytes: 1)
        #expect(bench.spans[web].map { $0.upperBound - $0.lowerBound } == 16384)
        while deliver(&bench) > 0 {}
        #expect(bench.scheduler.isDone)
    }

    @Test func peersAndWebSeedShareTheWork() throws {
        var bench = try bench(pieces: 20, spanBytes: 65536)
        bench.add(1)
        bench.drain()
        var fromPeer = 0
        var fromWeb = 0
        while !bench.scheduler.isDone {
            fromPeer += bench.answer(1, count: 4)
            fromWeb += deliver(&bench)
        }
        #expect(fromPeer > 10 && fromWeb > 10)
        #expect(fromPeer + fromWeb == 80)
    }

    @Test func spansGrowWithTheRate() throws {
        var bench = try bench(pieces: 2_000, spanBytes: 4 << 20)
        var span: Int64 { bench.spans[web].map { $0.upperBound - $0.lowerBound } ?? 0 }
        #expect(span == 512 << 10, "others find something to do before its speed is known")
        for _ in 0..<4 {
            deliver(&bench)
            bench.pass(seconds: 1)
            deliver(&bench)
        }
        #expect(span > 1 << 20)
        for _ in 0..<12 {
            for _ in 0..<8 { deliver(&bench) }
            bench.pass(seconds: 1)
        }
        deliver(&bench)
        #expect(span == 4 << 20 || bench.scheduler.isDone)
    }

    @Test func aFailedSpanGoesToOthers() throws {
        var bench = try bench(pieces: 2, spanBytes: 1 << 20)
        deliver(&bench, blocks: 2)
        bench.scheduler.choked(web, now: bench.now)
        bench.spans = [:]
        bench.add(1)
        bench.drain()
        #expect(bench.spans.isEmpty)
        #expect(bench.requests(of: 1).count == 6)
        bench.remove(1)
        bench.scheduler.unchoked(web, now: bench.now)
        bench.drain()
        while deliver(&bench) > 0 {}
        #expect(bench.scheduler.isDone)
    }

    @Test func aSpanWhoseBlocksAllCameElsewhereIsEnded() throws {
        var bench = try bench(pieces: 1, spanBytes: 65536)
        bench.add(1)
        bench.scheduler.peers[1].pipeline.received(bytes: 10 << 20, roundTrip: .milliseconds(1))
        bench.pass(seconds: 1)
        #expect(bench.requests(of: 1).count == 4)
        bench.answer(1)
        #expect(bench.scheduler.isDone)
        #expect(bench.spans.isEmpty)
    }

    @Test func whatIsNoLongerWantedIsEnded() throws {
        var bench = try bench(pieces: 4, spanBytes: 65536)
        bench.scheduler.want(.nothing, now: bench.now)
        bench.drain()
        #expect(bench.commands == [.cancelSpan(web)])
        bench.scheduler.want(.everything, now: bench.now)
        bench.drain()
        #expect(bench.spans[web] != nil)
    }

    @Test func aSilentWebSeedIsEndedAndTriedLater() throws {
        var bench = try bench(pieces: 4, spanBytes: 65536)
        bench.pass(seconds: 61)
        #expect(bench.spans.isEmpty)
        bench.pass(seconds: 61)
        #expect(bench.spans[web] != nil)
    }

    @Test func aSpanEndsBeforeAGap() throws {
        let layout = try PieceLayout(
            totalLength: 3 * 65536, pieceLength: 65536, shortPieces: [SchedulerBench.piece(0): 20_000])
        var bench = try SchedulerBench(pieces: 3)
        bench.scheduler = PieceScheduler(
            layout: layout, have: Bitfield(count: 3), wanted: WantedBytes(ranges: nil, order: .inOrder), seed: 1)
        bench.scheduler.joinWebSeed(web, spanBytes: 1 << 20, now: bench.now)
        bench.drain()
        #expect(bench.spans[web] == 0..<20_000)
        deliver(&bench)
        #expect(bench.spans[web] == piece..<3 * piece)
    }

    @Test func aWebSeedTellsNothingOfItsPieces() throws {
        var bench = try bench(pieces: 2, spanBytes: 65536)
        bench.scheduler.owns(web, Bitfield(count: 2))
        bench.scheduler.owns(web, SchedulerBench.piece(1))
        bench.drain()
        #expect(bench.scheduler.availability == 1)
        bench.remove(9)
        bench.drain()
        #expect(bench.scheduler.availability == 0)
        #expect(bench.scheduler.unbegun.isFull)
    }
}
