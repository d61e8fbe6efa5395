import Foundation

/// Runs an actor's jobs in order on one thread of its own, so that a call that blocks holds up nobody else. The thread
/// starts with the first job; after `stop` it ends when nothing is left to run, and starts again for late jobs.
/// Sendable because all state is guarded by the condition's lock.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private let name: String
    private var jobs: [UnownedJob] = []
    private var hasThread = false
    private var isStopping = false

    init(name: String) { self.name = name }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        jobs.append(job)
        let mustStart = !hasThread
        hasThread = true
        condition.signal()
        condition.unlock()
        if mustStart { startThread() }
    }

    func stop() {
        condition.lock()
        isStopping = true
        condition.signal()
        condition.unlock()
    }

    private func startThread() {
        let thread = Thread { [self] in drain() }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func drain() {
        while let batch = nextBatch() {
            for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    private func nextBatch() -> [UnownedJob]? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty && !isStopping { condition.wait() }
        guard !jobs.isEmpty else {
            hasThread = false
            return nil
        }
        let batch = jobs
        jobs.removeAll(keepingCapacity: true)
        return batch
    }
}
