import Catalog
import Logging
import Store

/// Claims and performs jobs of some kinds, one at a time.
///
/// A job is held by a lease that is extended while it runs; when this process dies, another claims it after the lease.
/// While the database does not answer, the lane waits ever longer, up to ten seconds.
struct JobLane: Sendable {
    static let leaseSeconds = 60

    let store: Store
    let handlers: [JobKind: any JobHandler]
    let logger: Logger

    /// Performs jobs until none is due. Throws what the claim throws: the database does not answer.
    func drain() async throws {
        while !Task.isCancelled,
            let job = try await store.jobs.claim(Array(handlers.keys), leaseSeconds: Self.leaseSeconds)
        {
            await perform(job)
        }
    }

    private func perform(_ job: Job) async {
        guard let handler = handlers[job.kind] else { return }
        do {
            try await whileExtendingLease(of: job) { try await handler.perform(job) }
            _ = try await store.jobs.finish(job)
        } catch JobError.leaseLost {
            logger.notice("job lease lost", metadata: ["job": "\(job.id)"])
        } catch {
            await giveBack(job, error)
        }
    }

    /// Gives a failed job back; a job stopped with the server is tried again at once and without blame for the film.
    private func giveBack(_ job: Job, _ error: any Error) async {
        let isStopped = Task.isCancelled
        let reason = isStopped ? "The server was stopped." : Self.reason(error)
        logger.warning(
            "job failed",
            metadata: [
                "job": "\(job.id)", "kind": "\(job.kind.rawValue)", "attempt": "\(job.attempt)", "reason": "\(reason)",
            ])
        let pause = isStopped ? 0 : 5 * job.attempt
        // A task of its own, since this one may be cancelled already.
        await Task {
            do {
                try await store.jobs.fail(job, error: reason, retryAfter: pause)
            } catch {
                logger.notice("job left to its lease", metadata: ["job": "\(job.id)"])
            }
        }.value
    }

    private static func reason(_ error: any Error) -> String {
        if case JobError.retry(let text) = error { text } else { PublishingError(cause: error).message }
    }

    private func whileExtendingLease(
        of job: Job, _ work: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(Self.leaseSeconds / 3))
                    let held = try? await store.jobs.extend(job, leaseSeconds: Self.leaseSeconds)
                    if held == false { throw JobError.leaseLost }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
