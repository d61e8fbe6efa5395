/// How a web seed does, and when it may be asked. Pure: time and chance come in.
struct WebSeedHealth: Sendable {
    let limits: WebSeedLimits
    /// Why it is of no use any more.
    private(set) var fault: String?
    private var failures = 0
    private var restUntil: ContinuousClock.Instant?
    private var restReason = ""
    private var skipped: Int64 = 0
    private var running = 0

    init(limits: WebSeedLimits) { self.limits = limits }

    /// How many bytes may be read past by the next request.
    var skipAllowance: Int64 { max(0, min(limits.skippedBytes, limits.skippedBytesInTotal - skipped)) }

    /// Begins a fetch, which has to be followed by `end`; or tells why not.
    mutating func begin(now: ContinuousClock.Instant) throws(WebSeedError) {
        if let fault { throw .useless(reason: fault) }
        if let restUntil, restUntil > now { throw .resting(restUntil - now, reason: restReason) }
        guard running < limits.fetchesAtOnce else {
            throw .resting(.seconds(1), reason: "The web seed is asked for enough already.")
        }
        running += 1
    }

    /// A fetch has ended.
    mutating func end() { running = max(0, running - 1) }

    /// Bytes came in, and so many were read past.
    mutating func succeeded(skipped: Int64) {
        self.skipped += skipped
        failures = 0
        restUntil = nil
    }

    /// It has to rest: as long as it says, else longer with each failure, a quarter more or less by chance.
    mutating func failed(
        asking wait: Duration?, reason: String, now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> WebSeedError {
        failures = min(failures + 1, 30)
        let backOff = min(limits.firstRest * (1 << min(failures - 1, 16)), limits.longestRest)
        let rest =
            wait.map { min(max($0, .seconds(1)), limits.longestRest) }
            ?? backOff * Double.random(in: 0.75...1.25, using: &random)
        restUntil = now + rest
        restReason = reason
        return .resting(rest, reason: reason)
    }

    /// It is of no use any more.
    mutating func giveUp(_ reason: String) -> WebSeedError {
        if fault == nil { fault = reason }
        return .useless(reason: fault ?? reason)
    }
}
