public import Catalog
import Postgres

/// Background jobs: claimed under a lease by any node, tried at most three times. An answer counts only with the
/// fence of the latest claim.
public struct JobRepository: Sendable {
    /// Tries after which a job is left aside.
    public static let maximumAttempts = 3

    let database: Database

    /// Queues a job. An equal job (kind, content, payload) that waits already is not queued twice.
    public func enqueue(_ job: NewJob) async throws(StoreError) {
        try await storing { try await database.transaction { try await $0.enqueue(job) } }
    }

    /// Claims the oldest due job of some kinds for `leaseSeconds`; nil if none is due. A job whose third lease ended
    /// without an answer is left aside here.
    public func claim(_ kinds: [JobKind], leaseSeconds: Int = 60) async throws(StoreError) -> Job? {
        let kinds = kinds.map(\.rawValue)
        return try await storing {
            try await database.transaction { transaction in
                try await transaction.execute(
                    """
                    UPDATE jobs SET failed = true, error = coalesce(error, 'no answer')
                    WHERE NOT failed AND attempts >= \(Self.maximumAttempts) AND leased_until < now()
                    """)
                return try await transaction.first(
                    """
                    UPDATE jobs SET leased_until = now() + \(Double(leaseSeconds)) * interval '1 second',
                        fence = fence + 1, attempts = attempts + 1
                    WHERE id = (
                        SELECT id FROM jobs
                        WHERE NOT failed AND kind = ANY(\(kinds)) AND due_at <= now()
                            AND (leased_until IS NULL OR leased_until < now())
                        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING id, kind, media_id, payload, attempts, fence
                    """
                )?.read { (columns) throws(PostgresError) in try Job(columns: &columns) }
            }
        }
    }

    /// Makes the lease of a claimed job last `leaseSeconds` from now; false where it has been claimed again.
    public func extend(_ job: Job, leaseSeconds: Int = 60) async throws(StoreError) -> Bool {
        try await storing {
            try await database.execute(
                """
                UPDATE jobs SET leased_until = now() + \(Double(leaseSeconds)) * interval '1 second'
                WHERE id = \(job.id.rawValue) AND fence = \(job.fence) AND NOT failed
                """) == 1
        }
    }

    /// Removes a finished job; false where it has been claimed again.
    public func finish(_ job: Job) async throws(StoreError) -> Bool {
        try await storing {
            try await database.execute(
                "DELETE FROM jobs WHERE id = \(job.id.rawValue) AND fence = \(job.fence)") == 1
        }
    }

    /// Gives a job back to be tried again after `retryAfter` seconds, or leaves it aside after the third try.
    public func fail(_ job: Job, error: String, retryAfter: Int = 10) async throws(StoreError) {
        let words = String(error.unicodeScalars.filter { $0 != "\0" }.prefix(500).map(Character.init))
        try await storing {
            try await database.execute(
                """
                UPDATE jobs SET leased_until = NULL, error = \(words), failed = attempts >= \(Self.maximumAttempts),
                    due_at = now() + \(Double(max(0, retryAfter))) * interval '1 second'
                WHERE id = \(job.id.rawValue) AND fence = \(job.fence)
                """)
        }
    }

    /// Whether a job of some kind about a content waits or runs.
    public func isUnderWay(_ kind: JobKind, of media: MediaID) async throws(StoreError) -> Bool {
        try await storing {
            try await database.first(
                """
                SELECT 1 FROM jobs
                WHERE kind = \(kind.rawValue) AND media_id = \(media.rawValue) AND NOT failed LIMIT 1
                """) != nil
        }
    }

    /// Jobs that wait or run, and jobs left aside.
    public func counts() async throws(StoreError) -> (pending: Int, failed: Int) {
        try await storing {
            try await database.first(
                "SELECT count(*) FILTER (WHERE NOT failed), count(*) FILTER (WHERE failed) FROM jobs"
            )?.read { (columns) throws(PostgresError) in (try columns.next(), try columns.next()) } ?? (0, 0)
        }
    }
}

extension Job {
    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            id: try columns.id(), kind: JobKind(rawValue: try columns.next()), mediaID: try columns.optionalID(),
            payload: try columns.next(), attempt: try columns.next(), fence: try columns.next())
    }
}
