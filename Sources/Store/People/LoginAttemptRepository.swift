import Postgres

/// Failed logins by key (an address, an account), so that limits hold on all nodes together.
public struct LoginAttemptRepository: Sendable {
    let database: Database

    /// Notes a failed login under some keys.
    public func recordFailure(keys: [String]) async throws(StoreError) {
        try await storing {
            try await database.execute("INSERT INTO login_failures (key) SELECT unnest(\(keys))")
        }
    }

    /// Failures of a key within the last `seconds`.
    public func failures(key: String, within seconds: Int) async throws(StoreError) -> LoginFailures {
        let window: SQLQuery = "\(Double(seconds)) * interval '1 second'"
        return try await storing {
            let row = try await database.first(
                """
                SELECT count(*), coalesce(ceil(extract(epoch FROM min(at) + \(window) - now())), 0)::bigint
                FROM login_failures WHERE key = \(key) AND at > now() - \(window)
                """)
            return try row?.read { (columns) throws(PostgresError) in
                LoginFailures(count: try columns.next(), secondsUntilOldestLeaves: try columns.next())
            } ?? LoginFailures(count: 0, secondsUntilOldestLeaves: 0)
        }
    }

    /// Forgets the failures of a key.
    public func clear(key: String) async throws(StoreError) {
        try await storing { try await database.execute("DELETE FROM login_failures WHERE key = \(key)") }
    }

    /// Forgets failures older than `seconds`; returns how many.
    public func sweep(olderThan seconds: Int) async throws(StoreError) -> Int {
        try await storing {
            try await database.execute(
                "DELETE FROM login_failures WHERE at < now() - \(Double(seconds)) * interval '1 second'")
        }
    }
}
