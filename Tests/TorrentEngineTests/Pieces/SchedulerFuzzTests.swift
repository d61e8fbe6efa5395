import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Any events in any order: the books stay right, and the rules of the wire are kept.
@Suite struct SchedulerFuzzTests {
    @Test(arguments: 1...10)
    func anyEventsInAnyOrder(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var bench = try SchedulerBench(
            pieces: 1 + random.index(below: 40), blocks: 1 + random.index(below: 6), tail: random.index(below: 40_000),
            seed: seed)
        for _ in 0..<200 {
            for _ in 0...random.index(below: 4) { step(&bench, &random) }
            bench.drain()
        }
        try finish(&bench)
    }

    private func step(_ bench: inout SchedulerBench, _ random: inout SeededRandom) {
        let number = 1 + random.index(below: 6)
        let peer = SchedulerBench.peer(number)
        let piece = SchedulerBench.piece(random.index(below: bench.scheduler.layout.pieceCount + 1))
        switch random.index(below: 30) {
        case 0, 1: join(&bench, number, &random)
        case 2: bench.remove(number)
        case 3: bench.choke(number)
        case 4, 5: bench.scheduler.unchoked(peer, now: bench.now)
        case 6, 7: bench.scheduler.owns(peer, piece)
        case 8: forget(&bench, number, piece)
        case 9: bench.scheduler.allowedFast(peer, piece)
        case 10: bench.scheduler.suggested(peer, piece)
        case 11: reject(&bench, number, &random)
        case 12: bench.scheduler.want(wanted(&random), now: bench.now)
        case 13: bench.scheduler.want(.everything, now: bench.now)
        case 14: bench.scheduler.pause(random.index(below: 3) == 0)
        case 15: bench.scheduler.setRequestBudget(peer, maximum: random.index(below: 20))
        case 16: bench.scheduler.lostOnDisk(piece)
        case 17: bench.scheduler.failed(piece, bad: random.index(below: 2) == 0 ? nil : [16384])
        case 18: stray(&bench, number, piece, &random)
        case 19, 20: bench.pass(seconds: 1 + random.index(below: 25))
        case 21: deliver(&bench, &random)
        default: answer(&bench, number, &random)
        }
    }

    private func join(_ bench: inout SchedulerBench, _ number: Int, _ random: inout SeededRandom) {
        let peer = SchedulerBench.peer(number)
        guard bench.scheduler.findPlace(of: peer) == nil else { return }
        guard number < 6 else {
            bench.scheduler.joinWebSeed(peer, spanBytes: random.index(below: 300_000), now: bench.now)
            return
        }
        let count = bench.scheduler.layout.pieceCount
        let share = random.index(below: 5)
        bench.add(
            number, pieces: (0..<count).filter { _ in random.index(below: 4) < share },
            isFast: random.index(below: 2) == 0, isUnchoked: random.index(below: 2) == 0)
    }

    private func forget(_ bench: inout SchedulerBench, _ number: Int, _ piece: PieceIndex) {
        bench.scheduler.lost(SchedulerBench.peer(number), piece)
        bench.open[SchedulerBench.peer(number)]?.removeAll { $0.piece == piece }
    }

    private func reject(_ bench: inout SchedulerBench, _ number: Int, _ random: inout SeededRandom) {
        let requests = bench.requests(of: number)
        guard !requests.isEmpty else { return }
        let request = requests[random.index(below: requests.count)]
        bench.open[SchedulerBench.peer(number)]?.removeAll { $0 == request }
        bench.scheduler.rejected(SchedulerBench.peer(number), request, now: bench.now)
    }

    private func wanted(_ random: inout SeededRandom) -> WantedBytes {
        let ranges = (0..<random.index(below: 4)).map { _ in
            let start = Int64(random.index(below: 3_000_000)) - 100_000
            return start..<start + Int64(random.index(below: 500_000))
        }
        return WantedBytes(
            ranges: ranges, order: random.index(below: 2) == 0 ? .inOrder : .rarestFirst,
            deadline: random.index(below: 2) == 0 ? nil : .seconds(random.index(below: 9)))
    }

    /// Blocks nobody asked for.
    private func stray(
        _ bench: inout SchedulerBench, _ number: Int, _ piece: PieceIndex, _ random: inout SeededRandom
    ) {
        let begin = UInt32(truncatingIfNeeded: random.next() >> 40)
        let length = random.index(below: 40_000)
        let receipt = bench.scheduler.received(
            SchedulerBench.peer(number), piece: piece, begin: begin | 1, length: length, now: bench.now)
        #expect(receipt == .unwanted)
    }

    private func answer(_ bench: inout SchedulerBench, _ number: Int, _ random: inout SeededRandom) {
        for _ in 0...random.index(below: 8) {
            let requests = bench.requests(of: number)
            guard !requests.isEmpty else { return }
            let request = requests[random.index(below: min(3, requests.count))]
            if bench.send(number, request) == .storeLast { judge(&bench, request.piece, &random) }
        }
    }

    private func deliver(_ bench: inout SchedulerBench, _ random: inout SeededRandom) {
        let web = SchedulerBench.peer(6)
        guard let span = bench.spans.removeValue(forKey: web) else { return }
        let pieceLength = Int64(bench.scheduler.layout.pieceLength)
        var offset = span.lowerBound
        while offset < span.upperBound {
            let index = PieceIndex(UInt32(offset / pieceLength))
            let end = min(span.upperBound, (offset / pieceLength + 1) * pieceLength)
            let length = min(16384, end - offset)
            let receipt = bench.scheduler.received(
                web, piece: index, begin: UInt32(offset % pieceLength), length: Int(length), now: bench.now)
            if receipt == .storeLast { judge(&bench, index, &random) }
            offset += length
        }
    }

    private func judge(_ bench: inout SchedulerBench, _ piece: PieceIndex, _ random: inout SeededRandom) {
        if random.index(below: 5) == 0 { bench.scheduler.failed(piece) } else { bench.scheduler.verified(piece) }
    }

    /// Whatever happened, an honest seed completes it.
    private func finish(_ bench: inout SchedulerBench) throws {
        for number in 1...6 { bench.remove(number) }
        bench.scheduler.pause(false)
        bench.scheduler.want(.everything, now: bench.now)
        for place in bench.scheduler.partials.partials.indices {
            let state = bench.scheduler.partials[place]
            if state.isVerifying { bench.scheduler.failed(SchedulerBench.piece(state.piece), bad: [0]) }
        }
        bench.add(99)
        bench.drain()
        var rounds = 0
        while !bench.scheduler.isDone, rounds < 5_000 {
            bench.answer(99)
            rounds += 1
        }
        #expect(bench.scheduler.isDone)
        #expect(bench.scheduler.left == 0)
    }
}
