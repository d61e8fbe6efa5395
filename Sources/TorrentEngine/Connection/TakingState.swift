/// What comes from a peer.
struct TakingState {
    /// The rate of content bytes, useful or not.
    private var meter: RateMeter
    /// It owes us blocks and has sent none for a minute.
    var isSnubbing = false

    init(now: ContinuousClock.Instant) { meter = RateMeter(now: now) }

    /// Content bytes that came on this connection.
    var total: Int64 { meter.total }

    mutating func add(_ bytes: Int, now: ContinuousClock.Instant) { meter.add(bytes, now: now) }

    /// Bytes a second, over the last five seconds.
    mutating func rate(now: ContinuousClock.Instant) -> Double { meter.rate(now: now) }
}
