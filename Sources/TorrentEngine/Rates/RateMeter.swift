/// The rate of the last five seconds: a pure value without clock. Adding costs no allocation.
struct RateMeter: Sendable {
    /// How far back it looks, in seconds.
    static let window = 5

    /// Bytes of each second, by its number modulo the window; the second that is not over yet included.
    private var slots: (Int64, Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0, 0)
    private var second = 0
    private let startedAt: ContinuousClock.Instant

    /// All bytes counted so far.
    private(set) var total: Int64 = 0

    init(now: ContinuousClock.Instant) { startedAt = now }

    /// Counts bytes that have passed.
    mutating func add(_ bytes: Int, now: ContinuousClock.Instant) {
        advance(to: now)
        let bytes = Int64(max(0, bytes))
        total &+= bytes
        self[second] &+= bytes
    }

    /// Bytes a second, over the window or, in the beginning, over the time since then (at least one second).
    mutating func rate(now: ContinuousClock.Instant) -> Double {
        advance(to: now)
        let elapsed = max(0, (now - startedAt).inSeconds)
        let part = elapsed - Double(second)
        // Of the oldest second only that part is in the window which the running one does not cover yet.
        let oldest = Double(self[second + 1]) * max(0, 1 - part)
        let rest = (second + 2...second + 6).reduce(0) { $0 + Double(self[$1]) }
        return (oldest + rest) / min(max(elapsed, 1), Double(Self.window))
    }

    /// How long `bytes` more take at this rate; nil when nothing moves.
    mutating func timeLeft(for bytes: Int64, now: ContinuousClock.Instant) -> Duration? {
        guard bytes > 0 else { return .zero }
        let rate = rate(now: now)
        // Beyond a year there is no answer worth showing, and a Duration has an end.
        guard rate > 0, Double(bytes) / rate < 31_536_000 else { return nil }
        return .seconds(Double(bytes) / rate)
    }

    private mutating func advance(to now: ContinuousClock.Instant) {
        let current = Int(max(0, (now - startedAt).inSeconds))
        guard current > second else { return }
        for passed in max(second + 1, current - Self.window)...current { self[passed] = 0 }
        second = current
    }

    private subscript(second: Int) -> Int64 {
        get {
            switch second % 6 {
            case 0: slots.0
            case 1: slots.1
            case 2: slots.2
            case 3: slots.3
            case 4: slots.4
            default: slots.5
            }
        }
        set {
            switch second % 6 {
            case 0: slots.0 = newValue
            case 1: slots.1 = newValue
            case 2: slots.2 = newValue
            case 3: slots.3 = newValue
            case 4: slots.4 = newValue
            default: slots.5 = newValue
            }
        }
    }
}
