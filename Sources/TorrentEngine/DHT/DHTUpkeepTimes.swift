/// When the works of upkeep are due next.
struct DHTUpkeepTimes {
    typealias Instant = ContinuousClock.Instant

    private(set) var join: Instant
    private var joinDelay = Duration.seconds(5)
    private var minute: Instant
    private var question: Instant
    private var refresh: Instant

    init(now: Instant) {
        join = now
        minute = now + .seconds(60)
        question = now + .seconds(5)
        refresh = now + .seconds(2)
    }

    /// Joining is due now.
    mutating func joinSoon(now: Instant) {
        join = now
        joinDelay = .seconds(5)
    }

    /// A search for our own neighbourhood has ended. A table that is nearly empty is no lasting state: it is tried
    /// again, ever more rarely.
    mutating func joined(wellEnough: Bool, now: Instant) {
        join = now + (wellEnough ? .seconds(15 * 60) : joinDelay)
        joinDelay = wellEnough ? .seconds(5) : min(joinDelay * 3, .seconds(300))
    }

    /// Joining has begun.
    mutating func joining(now: Instant) { join = now + DHTSearch.longest }

    mutating func isMinute(now: Instant) -> Bool { Self.isDue(&minute, every: .seconds(60), now: now) }
    mutating func isQuestionTime(now: Instant) -> Bool { Self.isDue(&question, every: .seconds(5), now: now) }
    mutating func isRefreshTime(now: Instant) -> Bool { Self.isDue(&refresh, every: .seconds(2), now: now) }

    private static func isDue(_ time: inout Instant, every interval: Duration, now: Instant) -> Bool {
        guard now >= time else { return false }
        time = now + interval
        return true
    }
}
