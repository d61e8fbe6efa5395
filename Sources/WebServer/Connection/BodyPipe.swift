import Synchronization

/// Carries a body from the event loop to the handler that reads it. The loop reads from the client while `wantsMore`.
final class BodyPipe: Sendable {
    private struct State {
        var chunks: [[UInt8]] = []
        var next = 0
        var buffered = 0
        var isFinished = false
        var isStarted = false
        var isPaused = false
        var failure: (any Error)?
        var waiter: CheckedContinuation<[UInt8]?, any Error>?
        var cancelled = false
    }

    private enum Outcome {
        case chunk([UInt8]?)
        case failure(any Error)
        case wait
    }

    private let state = Mutex(State())
    private let limit: Int
    private let demand: @Sendable () -> Void

    /// A pipe that holds about `limit` bytes. `demand` is called, from anywhere, when the loop should read (on).
    init(limit: Int, demand: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.demand = demand
    }

    // MARK: - The event loop's side

    /// Whether the pipe takes more. When not, `demand` will be called once it does.
    func wantsMore() -> Bool {
        state.withLock { state in
            state.isPaused = state.buffered >= limit && state.waiter == nil
            return !state.isPaused
        }
    }

    func push(_ chunk: [UInt8]) {
        let waiter: CheckedContinuation<[UInt8]?, any Error>? = state.withLock { state in
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            state.chunks.append(chunk)
            state.buffered += chunk.count
            return nil
        }
        waiter?.resume(returning: chunk)
    }

    func finish() {
        end { $0.isFinished = true }?.resume(returning: nil)
    }

    func fail(_ error: any Error) {
        end { state in
            if !state.isFinished { state.failure = error }
        }?.resume(throwing: error)
    }

    private func end(_ change: (inout State) -> Void) -> CheckedContinuation<[UInt8]?, any Error>? {
        state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
    }

    // MARK: - The handler's side

    /// The next chunk, nil at the end.
    func next() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let (outcome, demands) = take(waiter)
                switch outcome {
                case .chunk(let chunk): waiter.resume(returning: chunk)
                case .failure(let error): waiter.resume(throwing: error)
                case .wait: break
                }
                if demands { demand() }
            }
        } onCancel: {
            end { $0.cancelled = true }?.resume(throwing: CancellationError())
        }
    }

    private func take(
        _ waiter: CheckedContinuation<[UInt8]?, any Error>
    ) -> (outcome: Outcome, demands: Bool) {
        state.withLock { state in
            let isFirst = !state.isStarted
            state.isStarted = true
            if state.next < state.chunks.count {
                let chunk = Self.pop(&state)
                let resumes = state.isPaused && state.buffered < limit
                if resumes { state.isPaused = false }
                return (.chunk(chunk), isFirst || resumes)
            }
            if let failure = state.failure { return (.failure(failure), false) }
            if state.isFinished { return (.chunk(nil), false) }
            if state.cancelled { return (.failure(CancellationError()), false) }
            if state.waiter != nil { return (.failure(BodyReadTwice()), false) }
            state.waiter = waiter
            let resumes = state.isPaused
            state.isPaused = false
            return (.wait, isFirst || resumes)
        }
    }

    private static func pop(_ state: inout State) -> [UInt8] {
        let chunk = state.chunks[state.next]
        state.chunks[state.next] = []
        state.next += 1
        state.buffered -= chunk.count
        if state.next == state.chunks.count {
            state.chunks.removeAll(keepingCapacity: true)
            state.next = 0
        }
        return chunk
    }
}

/// Two tasks read one body at the same time.
struct BodyReadTwice: Error {}
