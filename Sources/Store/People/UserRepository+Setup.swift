public import Catalog
import Postgres

/// The one-time link by which the first admin is made.
extension UserRepository {
    /// Stores the hash (32 bytes) of a one-time set-up token in place of earlier ones; false where a user exists.
    public func setSetupToken(hash: [UInt8], lifetimeSeconds: Int) async throws(StoreError) -> Bool {
        try await storing {
            let stored = try await database.execute(
                """
                INSERT INTO setup_tokens (token_hash, ends_at)
                SELECT \(hash), now() + \(Double(lifetimeSeconds)) * interval '1 second'
                WHERE NOT EXISTS (SELECT 1 FROM users)
                ON CONFLICT (one) DO UPDATE SET token_hash = excluded.token_hash, ends_at = excluded.ends_at
                """)
            return stored == 1
        }
    }

    /// Whether a set-up token is valid and there is no user yet.
    public func isSetupTokenValid(hash: [UInt8]) async throws(StoreError) -> Bool {
        try await storing {
            try await database.first(
                """
                SELECT 1 FROM setup_tokens
                WHERE token_hash = \(hash) AND ends_at > now() AND NOT EXISTS (SELECT 1 FROM users)
                """) != nil
        }
    }

    /// Uses up the set-up token and makes the first admin, both or neither. Throws `.notFound` where the token is
    /// not valid, `.conflict` where there is a user.
    public func createFirstAdmin(
        setupTokenHash: [UInt8], name: UserName, passwordHash: String
    ) async throws(StoreError) -> User {
        try await storing {
            try await database.transaction { transaction in
                let used = try await transaction.execute(
                    "DELETE FROM setup_tokens WHERE token_hash = \(setupTokenHash) AND ends_at > now()")
                guard used == 1 else { throw StoreError.missing("set-up link") }
                guard try await transaction.first("SELECT 1 FROM users LIMIT 1") == nil else {
                    throw StoreError(.conflict, "The site is set up already.")
                }
                return try await transaction.addUser(name, passwordHash: passwordHash, role: .admin)
            }
        }
    }
}
