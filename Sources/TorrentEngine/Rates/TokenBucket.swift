/// An allowance that fills at a steady rate: a pure value without clock.
///
/// The allowance may be overdrawn by `spend`, since bytes that have come cannot be refused any more; it then has to
/// fill up again before anything is given.
struct TokenBucket: Sendable {
    /// Bytes a second; nil: without limit.
    private(set) var rate: Int?
    /// The most bytes that can be saved up.
    private(set) var burst: Int
    private var level: Double
    private var filledAt: ContinuousClock.Instant

    /// - Parameters:
    ///   - rate: Bytes a second, 0 or more; nil: without limit.
    ///   - burst: Bytes that can be saved up; nil: what half a second brings, at least one block of 16 KiB.
    init(rate: Int?, burst: Int? = nil, now: ContinuousClock.Instant) {
        let rate = rate.map { max(0, $0) }
        self.rate = rate
        self.burst = burst.map { max(1, $0) } ?? Self.burst(for: rate)
        level = Double(self.burst)
        filledAt = now
    }

    /// Goes on at another rate with what is there, debts included.
    mutating func setRate(_ rate: Int?, now: ContinuousClock.Instant) {
        fill(now: now)
        let hadNone = self.rate == nil
        self.rate = rate.map { max(0, $0) }
        burst = Self.burst(for: self.rate)
        level = hadNone ? Double(burst) : min(level, Double(burst))
    }

    /// Bytes that may pass now, 0 or more.
    mutating func available(now: ContinuousClock.Instant) -> Int {
        guard rate != nil else { return .max }
        fill(now: now)
        return level >= 1 ? Int(level) : 0
    }

    /// Takes what is there, up to `bytes`. Returns how much that is.
    mutating func take(upTo bytes: Int, now: ContinuousClock.Instant) -> Int {
        let taken = min(max(0, bytes), available(now: now))
        spend(taken, now: now)
        return taken
    }

    /// Counts bytes that have passed whether they were there or not. A negative number gives bytes back.
    mutating func spend(_ bytes: Int, now: ContinuousClock.Instant) {
        guard rate != nil else { return }
        fill(now: now)
        level = min(level - Double(bytes), Double(burst))
    }

    /// The time until `bytes` may pass, or as many as can be saved up; nil when they never may (rate 0).
    mutating func next(_ bytes: Int = 1, now: ContinuousClock.Instant) -> Duration? {
        guard let rate else { return .zero }
        fill(now: now)
        let missing = Double(min(max(1, bytes), burst)) - level
        guard missing > 0 else { return .zero }
        // A day is as good as never, and keeps the sum in range.
        return rate == 0 ? nil : .seconds(min(missing / Double(rate), 86_400))
    }

    private mutating func fill(now: ContinuousClock.Instant) {
        guard now > filledAt else { return }
        level = min(level + Double(rate ?? 0) * (now - filledAt).inSeconds, Double(burst))
        filledAt = now
    }

    private static func burst(for rate: Int?) -> Int { max(16_384, (rate ?? 0) / 2) }
}
