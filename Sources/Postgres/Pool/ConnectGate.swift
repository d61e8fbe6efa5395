import Synchronization

/// What the sessions of a pool know together about the server: which connections are too old to be used, and whether
/// it makes sense to try a new one. After a failed attempt further ones wait 0.1 s, doubling up to 1 s, with jitter;
/// meanwhile callers hear the last failure at once.
final class ConnectGate: Sendable {
    private struct State {
        var generation = 0
        var failures = 0
        var closedUntil: ContinuousClock.Instant?
        var lastFailure: PostgresError?
    }

    private let state = Mutex(State())

    var generation: Int { state.withLock { $0.generation } }

    /// A connection of a generation was lost: its whole generation is replaced, since servers die with all of them.
    func lost(generation: Int) {
        state.withLock { if $0.generation == generation { $0.generation += 1 } }
    }

    func checkMayConnect() throws(PostgresError) {
        let failure = state.withLock { state -> PostgresError? in
            guard let until = state.closedUntil, until > .now else { return nil }
            return state.lastFailure
        }
        if let failure { throw failure }
    }

    func connected() {
        state.withLock {
            $0.failures = 0
            $0.closedUntil = nil
            $0.lastFailure = nil
        }
    }

    func failed(_ error: PostgresError) {
        state.withLock {
            let ceiling = min(1000, 100 << min($0.failures, 4))
            $0.failures += 1
            $0.closedUntil = .now + .milliseconds(Int.random(in: ceiling / 2...ceiling))
            $0.lastFailure = PostgresError(.unavailable, error.message)
        }
    }
}
