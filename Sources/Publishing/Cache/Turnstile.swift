/// Lets few callers through at one time; the others wait in order. A waiting caller that is cancelled leaves the line.
actor Turnstile {
    private var free: Int
    private var waiting: [(id: UInt64, place: CheckedContinuation<Void, any Error>)] = []
    private var nextID: UInt64 = 0

    init(places: Int) { free = max(1, places) }

    /// Runs `body` when a place is free. Throws what `body` throws, or `CancellationError` while waiting.
    nonisolated func pass<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        try await enter()
        do {
            let value = try await body()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        if free > 0 {
            free -= 1
            return
        }
        nextID += 1
        let id = nextID
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (place: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    place.resume(throwing: CancellationError())
                } else {
                    waiting.append((id, place))
                }
            }
        } onCancel: {
            Task { await self.drop(id) }
        }
    }

    /// Hands the place to the next in line, which therefore needs no second look at `free`.
    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().place.resume() }
    }

    private func drop(_ id: UInt64) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).place.resume(throwing: CancellationError())
    }
}
