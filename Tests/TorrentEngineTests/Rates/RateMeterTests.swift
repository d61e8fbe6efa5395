import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct RateMeterTests {
    let start = ContinuousClock.now

    @Test func aSteadyStreamHasItsRate() {
        var meter = RateMeter(now: start)
        for step in 1...200 { meter.add(1_000, now: start + .milliseconds(step * 100)) }
        #expect(abs(meter.rate(now: start + .seconds(20)) - 10_000) < 500)
        #expect(meter.total == 200_000)
    }

    @Test func theFirstSecondsAreNotDividedByTheWholeWindow() {
        var meter = RateMeter(now: start)
        meter.add(1_000, now: start)
        #expect(meter.rate(now: start) == 1_000)
        #expect(meter.rate(now: start + .seconds(2)) == 500)
    }

    @Test func silenceBringsItToZero() {
        var meter = RateMeter(now: start)
        meter.add(50_000, now: start + .seconds(3))
        #expect(meter.rate(now: start + .seconds(6)) > 0)
        #expect(meter.rate(now: start + .seconds(9)) == 0)
        #expect(meter.rate(now: start + .seconds(100_000)) == 0)
    }

    @Test func theTimeLeftFollowsTheRate() {
        var meter = RateMeter(now: start)
        #expect(meter.timeLeft(for: 1, now: start) == nil)
        #expect(meter.timeLeft(for: 0, now: start) == .zero)
        meter.add(1_000, now: start)
        #expect(meter.timeLeft(for: 10_000, now: start) == .seconds(10))
        #expect(meter.timeLeft(for: .max, now: start) == nil)
    }

    @Test func agreesWithAPlainCountOverTheWindow() {
        var generator = SplitMix64(seed: 11)
        var meter = RateMeter(now: start)
        var events: [(at: Double, bytes: Int)] = []
        var at = 0.0
        for _ in 0..<2_000 {
            at += Double.random(in: 0...0.4, using: &generator)
            let bytes = Int.random(in: 0...10_000, using: &generator)
            meter.add(bytes, now: start + .seconds(at))
            events.append((at, bytes))
            guard at > 10 else { continue }
            let most = events.filter { $0.at > at - 6 }.reduce(0) { $0 + $1.bytes }
            let least = events.filter { $0.at > at - 4 }.reduce(0) { $0 + $1.bytes }
            let rate = meter.rate(now: start + .seconds(at))
            #expect(rate * 5 <= Double(most) + 1)
            #expect(rate * 5 >= Double(least) - 1)
        }
    }
}
