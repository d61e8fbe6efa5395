import Testing

@testable import TorrentEngine

@Suite struct TokenBucketTests {
    let start = ContinuousClock.now

    @Test func withoutALimitEverythingPasses() {
        var bucket = TokenBucket(rate: nil, now: start)
        #expect(bucket.take(upTo: .max, now: start) == .max)
        bucket.spend(.max, now: start)
        #expect(bucket.take(upTo: 1_000, now: start) == 1_000)
        #expect(bucket.next(.max, now: start) == .zero)
    }

    @Test func itFillsAtItsRateUpToTheBurst() {
        var bucket = TokenBucket(rate: 1_000, burst: 500, now: start)
        #expect(bucket.take(upTo: 2_000, now: start) == 500)
        #expect(bucket.take(upTo: 2_000, now: start) == 0)
        #expect(bucket.take(upTo: 2_000, now: start + .milliseconds(100)) == 100)
        #expect(bucket.take(upTo: 2_000, now: start + .seconds(100)) == 500)
        #expect(bucket.take(upTo: -5, now: start + .seconds(100)) == 0)
    }

    @Test func aDebtIsPaidBeforeAnythingIsGiven() {
        var bucket = TokenBucket(rate: 1_000, burst: 500, now: start)
        bucket.spend(1_500, now: start)
        #expect(bucket.next(now: start) == .seconds(1.001))
        #expect(bucket.take(upTo: 100, now: start + .milliseconds(900)) == 0)
        #expect(bucket.take(upTo: 100, now: start + .milliseconds(1_050)) == 50)
    }

    @Test func bytesGivenBackDoNotExceedTheBurst() {
        var bucket = TokenBucket(rate: 1_000, burst: 500, now: start)
        #expect(bucket.take(upTo: 200, now: start) == 200)
        bucket.spend(-150, now: start)
        #expect(bucket.available(now: start) == 450)
        bucket.spend(-1_000, now: start)
        #expect(bucket.available(now: start) == 500)
    }

    @Test func aRateOfZeroGivesNothingEver() {
        var bucket = TokenBucket(rate: 0, burst: 100, now: start)
        #expect(bucket.take(upTo: 100, now: start) == 100)
        #expect(bucket.next(now: start) == nil)
        #expect(bucket.take(upTo: 1, now: start + .seconds(1_000_000)) == 0)
    }

    @Test func theWaitIsNeverLongerThanFillingTheBurst() {
        var bucket = TokenBucket(rate: 1_000, burst: 500, now: start)
        bucket.spend(500, now: start)
        #expect(bucket.next(.max, now: start) == .milliseconds(500))
        #expect(bucket.next(100, now: start) == .milliseconds(100))
    }

    @Test func changingTheRateKeepsTheDebt() {
        var bucket = TokenBucket(rate: 100_000, burst: 50_000, now: start)
        bucket.spend(60_000, now: start)
        bucket.setRate(10_000, now: start)
        #expect(bucket.next(now: start) == .seconds(1.0001))
        bucket.setRate(nil, now: start)
        #expect(bucket.available(now: start) == .max)
        bucket.setRate(-5, now: start)
        #expect(bucket.rate == 0)
    }

    @Test func aClockThatStandsOrGoesBackGivesNothing() {
        var bucket = TokenBucket(rate: 1_000, burst: 100, now: start)
        bucket.spend(100, now: start)
        #expect(bucket.take(upTo: 10, now: start - .seconds(10)) == 0)
        #expect(bucket.take(upTo: 1_000, now: start + .milliseconds(10)) == 10)
    }

    @Test(arguments: [500, 16_384, 100_000, 10_000_000, Int.max])
    func overALongTimeTheRateIsKept(rate: Int) {
        var bucket = TokenBucket(rate: rate, now: start)
        var passed = 0.0
        for step in 0...1_000 {
            passed += Double(bucket.take(upTo: .max, now: start + .milliseconds(step * 37)))
        }
        let expected = Double(rate) * 37 + Double(bucket.burst)
        #expect(passed <= expected * 1.001 + 1)
        #expect(passed >= expected * 0.98 - 1_001)
    }
}
