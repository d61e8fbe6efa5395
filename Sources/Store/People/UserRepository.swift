public import Catalog
import Postgres

/// Users. An admin who is the last one that is not disabled keeps the role and stays enabled (`.conflict`).
public struct UserRepository: Sendable {
    let database: Database

    /// Adds a user. Throws `.conflict` where the name is taken (case aside).
    public func create(name: UserName, passwordHash: String, role: Role) async throws(StoreError) -> User {
        try await storing {
            try await database.transaction { try await $0.addUser(name, passwordHash: passwordHash, role: role) }
        }
    }

    /// The user of a name, case aside; nil if there is none. Any text may be asked.
    public func find(name: String) async throws(StoreError) -> StoredUser? {
        // Nobody has such a name, and comparing it would be work that a stranger asks for.
        guard name.utf8.count <= 400, !name.utf8.contains(0) else { return nil }
        return try await user(where: "lower(u.name) = lower(normalize(\(name), NFC))")
    }

    /// The user with a number.
    public func find(id: UserID) async throws(StoreError) -> StoredUser? {
        try await user(where: "u.id = \(id.rawValue)")
    }

    /// Sets a password and ends all sessions but `keeping`.
    public func setPassword(
        _ hash: String, of id: UserID, keeping: SessionID? = nil
    ) async throws(StoreError) {
        try await storing {
            try await database.transaction { transaction in
                let changed = try await transaction.execute(
                    "UPDATE users SET password_hash = \(hash) WHERE id = \(id.rawValue)")
                guard changed == 1 else { throw StoreError.missing("user") }
                try await transaction.execute(
                    "DELETE FROM sessions WHERE user_id = \(id.rawValue) AND id <> \(keeping?.rawValue ?? 0)")
            }
        }
    }

    /// Replaces a password's hash by a stronger hash of the same password; sessions go on.
    public func rehashPassword(_ hash: String, of id: UserID) async throws(StoreError) {
        try await storing {
            try await database.execute("UPDATE users SET password_hash = \(hash) WHERE id = \(id.rawValue)")
        }
    }

    /// Changes a role and ends the user's sessions.
    public func setRole(_ role: Role, of id: UserID) async throws(StoreError) -> User {
        try await change(id, staysAdmin: role == .admin) { transaction in
            try await transaction.execute("UPDATE users SET role = \(role.rawValue) WHERE id = \(id.rawValue)")
        }
    }

    /// Locks a user out or in; locking out ends sessions and removes tokens.
    public func setDisabled(_ disabled: Bool, of id: UserID) async throws(StoreError) -> User {
        try await change(id, staysAdmin: !disabled) { transaction in
            try await transaction.execute("UPDATE users SET disabled = \(disabled) WHERE id = \(id.rawValue)")
            if disabled { try await transaction.execute("DELETE FROM api_tokens WHERE user_id = \(id.rawValue)") }
        }
    }

    /// All users by name.
    public func list() async throws(StoreError) -> [User] {
        try await storing {
            try await database.rows("SELECT \(User.selection) FROM users u ORDER BY lower(u.name)")
                .read { (columns) throws(PostgresError) in try User(columns: &columns) }
        }
    }

    /// How many users there are.
    public func count() async throws(StoreError) -> Int {
        try await storing { try await database.first("SELECT count(*) FROM users")?.column(0) ?? 0 }
    }

    private func user(where condition: SQLQuery) async throws(StoreError) -> StoredUser? {
        try await storing {
            try await database.first("SELECT \(User.selection), u.password_hash FROM users u WHERE \(condition)")?
                .read { (columns) throws(PostgresError) in
                    StoredUser(user: try User(columns: &columns), passwordHash: try columns.next())
                }
        }
    }

    /// Changes a user with all admins locked, so that two changes at once cannot remove the last two.
    private func change(
        _ id: UserID, staysAdmin: Bool, _ change: @Sendable (Transaction) async throws -> Void
    ) async throws(StoreError) -> User {
        try await storing {
            try await database.transaction { transaction in
                let admins: [Int64] = try await transaction.rows(
                    "SELECT id FROM users WHERE role = 'admin' AND NOT disabled ORDER BY id FOR UPDATE"
                ).read { (columns) throws(PostgresError) in try columns.next() }
                guard staysAdmin || admins != [id.rawValue] else {
                    throw StoreError(.conflict, "This is the last admin; make another one first.")
                }
                try await change(transaction)
                try await transaction.execute("DELETE FROM sessions WHERE user_id = \(id.rawValue)")
                let row = try await transaction.first(
                    "SELECT \(User.selection) FROM users u WHERE u.id = \(id.rawValue)")
                guard let row else { throw StoreError.missing("user") }
                return try row.read { (columns) throws(PostgresError) in try User(columns: &columns) }
            }
        }
    }
}

extension Transaction {
    /// Adds a user; the name in composed form, so that one name has one spelling.
    func addUser(_ name: UserName, passwordHash: String, role: Role) async throws -> User {
        let row = try await first(
            """
            INSERT INTO users AS u (name, password_hash, role)
            VALUES (normalize(\(name.rawValue), NFC), \(passwordHash), \(role.rawValue))
            ON CONFLICT DO NOTHING RETURNING \(User.selection)
            """)
        guard let row else { throw StoreError(.conflict, "There is a user of this name already.") }
        return try row.read { (columns) throws(PostgresError) in try User(columns: &columns) }
    }
}
