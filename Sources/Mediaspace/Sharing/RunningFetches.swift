import Synchronization

/// The fetches that one process waits for, by the numbers of its requests.
final class RunningFetches: Sendable {
    private let tasks = Mutex<[UInt64: Task<Void, Never>]>([:])

    /// Begins with one; it is forgotten when it ends.
    func begin(_ number: UInt64, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        tasks.withLock { tasks in
            let task = Task { [self] in
                await work()
                self.tasks.withLock { _ = $0.removeValue(forKey: number) }
            }
            tasks[number] = task
            return task
        }
    }

    /// Ends one, where it is still under way.
    func cancel(_ number: UInt64) { tasks.withLock { $0[number] }?.cancel() }

    /// Ends all.
    func cancelAll() { for task in tasks.withLock({ Array($0.values) }) { task.cancel() } }
}
