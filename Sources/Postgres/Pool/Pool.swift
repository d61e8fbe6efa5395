import Synchronization

/// Lends sessions, at most `poolSize`, the last used first. A caller that finds none waits in line up to the wait
/// limit.
final class Pool: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Result<Session, PostgresError>, Never>
    }

    private struct State {
        var idle: [Session] = []
        var made = 0
        var waiters: [Waiter] = []
        var nextNumber: UInt64 = 0
        var isClosed = false
    }

    private enum Grant {
        case session(Session)
        case mustWait(UInt64)
        case refused(PostgresError)
    }

    let gate = ConnectGate()
    private let configuration: DatabaseConfiguration
    private let state = Mutex(State())

    init(configuration: DatabaseConfiguration) { self.configuration = configuration }

    func acquire() async throws(PostgresError) -> Session {
        switch grant() {
        case .session(let session): return session
        case .refused(let error): throw error
        case .mustWait(let number): return try await wait(number)
        }
    }

    func release(_ session: Session) {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                if !state.isClosed { state.idle.append(session) }
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: .success(session))
    }

    /// Refuses new callers and ends idle connections; lent ones end when they come back.
    func close() async {
        let (sessions, waiters) = state.withLock { state in
            defer {
                state.idle = []
                state.waiters = []
                state.isClosed = true
            }
            return (state.idle, state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(returning: .failure(Self.closed)) }
        for session in sessions { await session.disconnect() }
    }

    private static var closed: PostgresError { PostgresError(.closed, "The database has been closed.") }

    private func grant() -> Grant {
        state.withLock { state in
            if state.isClosed { return .refused(Self.closed) }
            if let session = state.idle.popLast() { return .session(session) }
            if state.made < configuration.poolSize {
                state.made += 1
                return .session(Session(configuration: configuration, gate: gate, number: state.made))
            }
            state.nextNumber += 1
            return .mustWait(state.nextNumber)
        }
    }

    private func wait(_ number: UInt64) async throws(PostgresError) -> Session {
        let limit = configuration.waitLimit
        let timer = Task { [self] in
            try await Task.sleep(for: limit)
            giveUp(number, "All database connections stayed in use.")
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(Waiter(number: number, continuation: $0)) }
        } onCancel: {
            giveUp(number, "The caller stopped waiting for a database connection.")
        }
        return try result.get()
    }

    /// Joins the line, unless a session came back, the pool closed or the caller left since it was looked at.
    private func enter(_ waiter: Waiter) {
        let answer = state.withLock { state -> Result<Session, PostgresError>? in
            if state.isClosed { return .failure(Self.closed) }
            if let session = state.idle.popLast() { return .success(session) }
            if Task.isCancelled { return .failure(PostgresError(.poolExhausted, "The caller has left.")) }
            state.waiters.append(waiter)
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func giveUp(_ number: UInt64, _ message: String) {
        let waiter = state.withLock { state -> Waiter? in
            state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .failure(PostgresError(.poolExhausted, message)))
    }
}
