/// Says which samples of a stream lie within an interval, and where some are missing.
struct SoundClock {
    /// What becomes of the samples of one frame.
    struct Share: Equatable {
        /// Samples of silence to put before.
        var silence: Int
        /// Samples to leave out at the frame's beginning.
        var skipped: Int
        /// Samples to take after those.
        var taken: Int
    }

    /// Samples per second.
    let rate: Int
    /// Samples of the whole interval.
    let wanted: Int
    /// Samples of it that are there.
    private(set) var filled = 0
    private var hasBegun = false

    /// A clock of an interval of so many microseconds.
    init(rate: Int, length: Int64) {
        self.rate = rate
        wanted = Self.samples(length, rate)
    }

    /// The same clock for what comes at another rate.
    func continued(at rate: Int, length: Int64) -> SoundClock {
        var clock = SoundClock(rate: rate, length: length)
        clock.filled = min(clock.wanted, Int((Double(filled) / Double(self.rate) * Double(rate)).rounded()))
        clock.hasBegun = hasBegun
        return clock
    }

    var isFull: Bool { filled >= wanted }

    /// Microseconds of the interval that are there.
    var length: Int64 { Int64((Double(filled) * 1_000_000 / Double(rate)).rounded()) }

    /// Takes a frame of `count` samples that begins so many microseconds after the interval does (before, when
    /// negative); nil when it does not say.
    ///
    /// Times of packets are rounded by some containers: only a step of more than 50 ms is one.
    mutating func take(_ count: Int, at time: Int64?) -> Share {
        var place = time.map { Self.samples($0, rate) } ?? filled
        if hasBegun, abs(place - filled) <= rate / 20 { place = filled }
        let silence = min(max(0, place - filled), wanted - filled)
        let skipped = min(count, max(0, filled - place))
        let taken = min(count - skipped, wanted - filled - silence)
        guard taken > 0 else {
            // What lies behind the interval's end says nothing about silence within.
            return Share(silence: 0, skipped: count, taken: 0)
        }
        filled += silence + taken
        hasBegun = true
        return Share(silence: silence, skipped: skipped, taken: taken)
    }

    private static func samples(_ time: Int64, _ rate: Int) -> Int {
        let limit = 1e15
        return Int(min(limit, max(-limit, (Double(time) * Double(rate) / 1_000_000).rounded())))
    }
}
