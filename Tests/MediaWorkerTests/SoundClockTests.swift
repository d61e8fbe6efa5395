import Testing

@testable import MediaWorker

@Suite struct SoundClockTests {
    @Test func samplesBeforeAndBehindAreLeftOut() {
        var clock = SoundClock(rate: 1000, length: 1_000_000)
        #expect(clock.take(100, at: -200_000) == SoundClock.Share(silence: 0, skipped: 100, taken: 0))
        #expect(clock.take(100, at: -40_000) == SoundClock.Share(silence: 0, skipped: 40, taken: 60))
        #expect(clock.take(500, at: 60_000) == SoundClock.Share(silence: 0, skipped: 0, taken: 500))
        #expect(clock.take(500, at: 560_000) == SoundClock.Share(silence: 0, skipped: 0, taken: 440))
        #expect(clock.isFull && clock.length == 1_000_000)
        #expect(clock.take(500, at: 1_060_000).taken == 0)
    }

    @Test func gapsAreSilenceAndOverlapsAreLeftOut() {
        var clock = SoundClock(rate: 1000, length: 1_000_000)
        #expect(clock.take(100, at: 200_000) == SoundClock.Share(silence: 200, skipped: 0, taken: 100))
        #expect(clock.take(100, at: 330_000) == SoundClock.Share(silence: 0, skipped: 0, taken: 100))
        #expect(clock.take(100, at: 500_000) == SoundClock.Share(silence: 100, skipped: 0, taken: 100))
        #expect(clock.take(100, at: 540_000) == SoundClock.Share(silence: 0, skipped: 60, taken: 40))
        #expect(clock.take(100, at: nil) == SoundClock.Share(silence: 0, skipped: 0, taken: 100))
        #expect(clock.filled == 740)
        #expect(clock.take(10, at: 5_000_000).silence == 0)
    }

    @Test func anotherRateGoesOnWhereTheLastEnded() {
        var clock = SoundClock(rate: 1000, length: 2_000_000)
        _ = clock.take(500, at: 0)
        clock = clock.continued(at: 2000, length: 2_000_000)
        #expect(clock.filled == 1000 && clock.length == 500_000 && clock.wanted == 4000)
        #expect(clock.take(100, at: 510_000) == SoundClock.Share(silence: 0, skipped: 0, taken: 100))
    }

    /// Whatever the times say, what is taken lies in the interval and adds up.
    @Test func anyTimesAddUp() {
        var random = Mutation(seed: 5)
        for _ in 0..<2000 {
            let rate = Int.random(in: 1...96_000, using: &random)
            var clock = SoundClock(rate: rate, length: Int64.random(in: 1...700_000_000, using: &random))
            for _ in 0..<20 {
                let count = Int.random(in: 1...100_000, using: &random)
                let wild = Bool.random(using: &random)
                let time =
                    wild ? Int64.random(in: .min...Int64.max, using: &random) : Int64.random(in: -9...9, using: &random)
                let before = clock.filled
                let share = clock.take(count, at: time)
                #expect(share.silence >= 0 && share.skipped >= 0 && share.taken >= 0)
                #expect(share.skipped + share.taken <= count)
                #expect(clock.filled == before + share.silence + share.taken && clock.filled <= clock.wanted)
            }
        }
    }
}
