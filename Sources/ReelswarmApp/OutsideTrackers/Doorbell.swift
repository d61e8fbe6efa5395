import Synchronization

/// Wakes one waiting loop: at once, or at a time of which only the latest setting counts. Rings while nobody waits are
/// one ring.
final class Doorbell: Sendable {
    /// What the loop reads.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let timer = Mutex<Task<Void, Never>?>(nil)

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    deinit { timer.withLock { $0 }?.cancel() }

    /// Wakes the loop now.
    func ring() { continuation.yield() }

    /// Wakes it after a while instead of whenever was set before; nil sets nothing.
    func ring(after wait: Duration?) {
        let continuation = continuation
        let next = wait.map { wait in
            Task {
                guard (try? await Task.sleep(for: wait)) != nil else { return }
                continuation.yield()
            }
        }
        let last = timer.withLock { timer in
            defer { timer = next }
            return timer
        }
        last?.cancel()
    }
}
