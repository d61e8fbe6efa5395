/// A point in time as the scheduler keeps it many times over: a plain value of known size, which the clock's own
/// instants are not, and so cheap to store and to compare.
struct Moment: Comparable, Sendable {
    /// The fixed point all are counted from; only differences have a meaning.
    private static let origin = ContinuousClock.now
    private let sinceOrigin: Duration

    init(_ instant: ContinuousClock.Instant) { sinceOrigin = instant - Self.origin }

    private init(sinceOrigin: Duration) { self.sinceOrigin = sinceOrigin }

    static func < (left: Moment, right: Moment) -> Bool { left.sinceOrigin < right.sinceOrigin }
    static func - (left: Moment, right: Moment) -> Duration { left.sinceOrigin - right.sinceOrigin }
    static func + (left: Moment, right: Duration) -> Moment { Moment(sinceOrigin: left.sinceOrigin + right) }
}
