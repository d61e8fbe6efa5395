public import Catalog
import Postgres

/// Tokens for the API, found by the hash of their secret.
public struct TokenRepository: Sendable {
    let database: Database

    /// Adds a token; `lifetimeSeconds` nil means without end. Throws `.conflict` where the user is not there.
    public func create(
        hash: [UInt8], user: UserID, label: String, lifetimeSeconds: Int? = nil
    ) async throws(StoreError) -> TokenID {
        try await storing {
            let row = try await database.first(
                """
                INSERT INTO api_tokens (token_hash, user_id, label, ends_at)
                VALUES (\(hash), \(user.rawValue), \(label),
                    now() + \(lifetimeSeconds.map(Double.init)) * interval '1 second')
                RETURNING id
                """)
            guard let row else { throw StoreError(.broken, "The database gave no number.") }
            return TokenID(rawValue: try row.column(0))
        }
    }

    /// The token's user, if the token lives and the user is not disabled; notes its use (at most once a minute).
    public func find(hash: [UInt8]) async throws(StoreError) -> User? {
        try await storing {
            let row = try await database.first(
                """
                SELECT coalesce(t.used_at < now() - interval '1 minute', true), \(User.selection)
                FROM api_tokens t JOIN users u ON u.id = t.user_id
                WHERE t.token_hash = \(hash) AND (t.ends_at IS NULL OR t.ends_at > now()) AND NOT u.disabled
                """)
            guard let row else { return nil }
            let (isStale, user) = try row.read { (columns) throws(PostgresError) in
                (try columns.next(Bool.self), try User(columns: &columns))
            }
            if isStale {
                _ = try? await database.execute("UPDATE api_tokens SET used_at = now() WHERE token_hash = \(hash)")
            }
            return user
        }
    }

    /// A user's tokens, newest first.
    public func list(of user: UserID) async throws(StoreError) -> [APIToken] {
        try await storing {
            try await database.rows(
                """
                SELECT id, label, created_at, used_at FROM api_tokens
                WHERE user_id = \(user.rawValue) ORDER BY id DESC LIMIT 1000
                """
            ).read { (columns) throws(PostgresError) in
                APIToken(
                    id: try columns.id(), label: try columns.next(), createdAt: try columns.time(),
                    usedAt: try columns.optionalTime())
            }
        }
    }

    /// Removes a user's token. Throws `.notFound`.
    public func delete(_ id: TokenID, of user: UserID) async throws(StoreError) {
        try await storing {
            let removed = try await database.execute(
                "DELETE FROM api_tokens WHERE id = \(id.rawValue) AND user_id = \(user.rawValue)")
            guard removed == 1 else { throw StoreError.missing("token") }
        }
    }
}
