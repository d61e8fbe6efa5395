import TestSupport
import Testing
import TrackerClient
import TrackerWire

/// BEP 12 and BEP 31 without a network: who is asked when.
@Suite struct AnnounceTiersTests {
    private var random = SplitMix64(seed: 3)
    private let timing = AnnounceTiming()

    private func tracker(_ name: String) throws -> TrackerAddress {
        try #require(TrackerAddress("udp://\(name).example:80/announce"))
    }

    private mutating func tiers(_ names: [[String]]) throws -> AnnounceTiers {
        let trackers = try names.map { try $0.map { try tracker($0) } }
        return AnnounceTiers(trackers, timing: timing, using: &random)
    }

    @Test mutating func eachTierAsksOneTracker() throws {
        let tiers = try tiers([["a", "b"], [], ["c"]])
        #expect(tiers.due(at: .zero).count == 2 && tiers.nextTime == .zero)
        #expect(tiers.trackers.count == 3 && tiers.working.isEmpty)
    }

    @Test mutating func tiersAreShuffledWithin() throws {
        var firsts: Set<String> = []
        for _ in 0..<60 {
            let tiers = try tiers([["a", "b", "c"], ["d"]])
            firsts.insert(tiers.trackers[0].host)
            #expect(tiers.trackers[3].host == "d.example")
        }
        #expect(firsts.count == 3)
    }

    @Test mutating func theOneThatAnswersMovesToTheFront() throws {
        var tiers = try tiers([["a", "b", "c"]])
        for _ in 0..<2 {
            let asked = try #require(tiers.due(at: .zero).first)
            tiers.ask(asked)
            #expect(tiers.due(at: .zero).isEmpty && tiers.nextTime == nil)
            tiers.failed(asked, at: .zero, using: &random)
        }
        let last = try #require(tiers.due(at: .zero).first)
        tiers.ask(last)
        tiers.answered(last, at: .seconds(2), interval: 900, minimum: nil)
        #expect(tiers.trackers[0] == last && tiers.working == [last])
        #expect(tiers.due(at: .seconds(901)).isEmpty && tiers.due(at: .seconds(902)) == [last])
        #expect(tiers.time(of: last) == .seconds(902) && tiers.time(of: tiers.trackers[1]) == nil)
    }

    @Test mutating func whenTheWorkingOneFailsTheOthersTakeOver() throws {
        var tiers = try tiers([["a", "b"]])
        let first = tiers.trackers[0]
        let second = tiers.trackers[1]
        tiers.ask(first)
        tiers.answered(first, at: .zero, interval: 900, minimum: nil)
        tiers.ask(first)
        tiers.failed(first, at: .seconds(900), using: &random)
        #expect(tiers.due(at: .seconds(900)) == [second] && tiers.working.isEmpty)
        tiers.ask(second)
        tiers.answered(second, at: .seconds(901), interval: 600, minimum: nil)
        #expect(tiers.trackers == [second, first] && tiers.nextTime == .seconds(1_501))
    }

    @Test mutating func backOffDoublesUpToHalfAnHour() throws {
        var tiers = try tiers([["a"]])
        let only = tiers.trackers[0]
        var now = Duration.zero
        for expected in [15, 30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800] {
            tiers.ask(only)
            tiers.failed(only, at: now, using: &random)
            let wait = try #require(tiers.nextTime) - now
            #expect(wait >= .seconds(expected) * 0.75 && wait <= .seconds(expected) * 1.25, "\(expected)")
            now = try #require(tiers.nextTime)
            #expect(tiers.due(at: now - .milliseconds(1)).isEmpty && tiers.due(at: now) == [only])
        }
        tiers.answered(only, at: now, interval: 900, minimum: nil)
        tiers.failed(only, at: now, using: &random)
        #expect(try #require(tiers.nextTime) - now < .seconds(20))
    }

    @Test mutating func retryInIsObeyed() throws {
        var tiers = try tiers([["a", "b"]])
        let first = tiers.trackers[0]
        let second = tiers.trackers[1]
        tiers.ask(first)
        tiers.failed(first, at: .zero, retryIn: .never, using: &random)
        #expect(tiers.due(at: .zero) == [second] && tiers.time(of: first) == nil)
        tiers.ask(second)
        tiers.failed(second, at: .zero, retryIn: .minutes(45), using: &random)
        #expect(tiers.nextTime == .seconds(45 * 60))
        tiers.failed(second, at: .zero, retryIn: .never, using: &random)
        #expect(tiers.nextTime == nil && tiers.due(at: .seconds(1 << 40)).isEmpty)
    }

    @Test mutating func retryInZeroStillBacksOff() throws {
        var tiers = try tiers([["a"]])
        tiers.failed(tiers.trackers[0], at: .zero, retryIn: .minutes(0), using: &random)
        #expect(try #require(tiers.nextTime) >= .seconds(11))
    }

    @Test(
        arguments: [
            (900, nil, 900), (900, 1_800, 1_800), (900, 60, 900), (0, nil, 60), (5, 6, 60), (.max, nil, 86_400),
            (60, .max, 86_400),
        ] as [(UInt32, UInt32?, Int)]) func intervalsAreRespectedWithinReason(
            interval: UInt32, minimum: UInt32?, seconds: Int
        )
    {
        #expect(timing.interval(interval, minimum: minimum) == .seconds(seconds))
    }

    @Test mutating func aBookedTrackerHoldsItsTier() throws {
        var tiers = try tiers([["a", "b"]])
        let first = tiers.trackers[0]
        tiers.book(first, at: .seconds(50))
        #expect(tiers.due(at: .seconds(49)).isEmpty && tiers.nextTime == .seconds(50))
        #expect(tiers.due(at: .seconds(50)) == [first])
        tiers.passOver(first, until: .seconds(300))
        #expect(tiers.due(at: .seconds(50)) == [tiers.trackers[1]])
    }

    @Test mutating func changedTiersKeepWhatIsKnown() throws {
        var tiers = try tiers([["a"], ["b"], ["c"]])
        let (a, b, c) = (try tracker("a"), try tracker("b"), try tracker("c"))
        tiers.ask(a)
        tiers.answered(a, at: .zero, interval: 900, minimum: nil)
        tiers.ask(b)
        tiers.failed(c, at: .zero, using: &random)
        let d = try tracker("d")
        tiers.replace(with: [[d, a], [b], [c]], using: &random)
        #expect(tiers.working == [a] && tiers.time(of: a) == .seconds(900) && tiers.time(of: d) == nil)
        #expect(tiers.due(at: .seconds(1)).isEmpty)
        #expect(tiers.due(at: .seconds(60)) == [c])
        tiers.replace(with: [[d]], using: &random)
        #expect(tiers.due(at: .zero) == [d] && tiers.trackers == [d])
        // What comes back from one that was removed changes nothing.
        tiers.answered(a, at: .zero, interval: 1, minimum: nil)
        tiers.failed(b, at: .zero, using: &random)
        #expect(tiers.due(at: .zero) == [d])
    }

    @Test mutating func noTrackersMeansNothingToDo() throws {
        let tiers = try tiers([])
        #expect(tiers.due(at: .seconds(1)).isEmpty && tiers.nextTime == nil)
    }

    /// BEP 27: all tiers as one, in their order.
    @Test mutating func oneAtATimeGoesThroughTheTiers() throws {
        let trackers = try [["a", "b"], ["c"]].map { try $0.map { try tracker($0) } }
        var tiers = AnnounceTiers(oneAtATime: trackers, timing: timing, using: &random)
        #expect(tiers.trackers[2].host == "c.example" && tiers.tierList.count == 1)
        for expected in tiers.trackers {
            #expect(tiers.due(at: .zero) == [expected])
            tiers.ask(expected)
            #expect(tiers.due(at: .zero).isEmpty)
            tiers.failed(expected, at: .zero, using: &random)
        }
        #expect(tiers.due(at: .zero).isEmpty)
        #expect(AnnounceTiers(oneAtATime: [], timing: timing, using: &random).trackers.isEmpty)
    }

    @Test mutating func whatWorksCanBeHastened() throws {
        var tiers = try tiers([["a", "b"]])
        let first = tiers.trackers[0]
        tiers.hasten(first, to: .seconds(-1))
        #expect(tiers.nextTime == .zero)
        tiers.ask(first)
        tiers.answered(first, at: .zero, interval: 900, minimum: nil)
        #expect(tiers.notBefore(of: first) == .seconds(900))
        tiers.hasten(first, to: .seconds(100))
        tiers.hasten(first, to: .seconds(200))
        #expect(tiers.nextTime == .seconds(100))
        tiers.hasten(tiers.trackers[1], to: .zero)
        #expect(tiers.nextTime == .seconds(100))
    }
}
