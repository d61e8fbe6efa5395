public import Catalog
import Postgres

/// Login sessions, found by the hash of their token; ends are by the database's clock, so that all nodes agree.
public struct SessionRepository: Sendable {
    let database: Database

    private static let isAlive: SQLQuery =
        "s.ends_at > now() AND s.used_at + s.idle_seconds * interval '1 second' > now()"

    /// Begins a session.
    public func create(_ session: NewSession) async throws(StoreError) -> SessionID {
        try await storing {
            let row = try await database.first(
                """
                INSERT INTO sessions (token_hash, user_id, csrf, idle_seconds, ends_at)
                VALUES (\(session.tokenHash), \(session.userID.rawValue), \(session.csrf), \(session.idleSeconds),
                    now() + \(Double(session.absoluteSeconds)) * interval '1 second')
                RETURNING id
                """)
            guard let row else { throw StoreError(.broken, "The database gave no number.") }
            return SessionID(rawValue: try row.column(0))
        }
    }

    /// The live session of a token, whose user is not disabled; notes its use (at most once a minute).
    public func find(tokenHash: [UInt8]) async throws(StoreError) -> Session? {
        try await storing {
            let row = try await database.first(
                """
                SELECT s.id, s.csrf, s.used_at < now() - interval '1 minute', \(User.selection)
                FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.token_hash = \(tokenHash) AND \(Self.isAlive) AND NOT u.disabled
                """)
            guard let row else { return nil }
            let (session, isStale) = try row.read { (columns) throws(PostgresError) in
                let id: SessionID = try columns.id()
                let csrf: String = try columns.next()
                let isStale: Bool = try columns.next()
                return (Session(id: id, user: try User(columns: &columns), csrf: csrf), isStale)
            }
            // A database that takes no writes still lets its users read.
            if isStale {
                _ = try? await database.execute("UPDATE sessions SET used_at = now() WHERE id = \(session.id.rawValue)")
            }
            return session
        }
    }

    /// Ends a session.
    public func delete(tokenHash: [UInt8]) async throws(StoreError) {
        try await storing { try await database.execute("DELETE FROM sessions WHERE token_hash = \(tokenHash)") }
    }

    /// Ends all sessions of a user.
    public func deleteAll(of user: UserID) async throws(StoreError) {
        try await storing { try await database.execute("DELETE FROM sessions WHERE user_id = \(user.rawValue)") }
    }

    /// Removes ended sessions; returns how many.
    public func sweep() async throws(StoreError) -> Int {
        try await storing { try await database.execute("DELETE FROM sessions s WHERE NOT (\(Self.isAlive))") }
    }
}
