public import Catalog
import Logging
import Store

extension AccountService {
    /// All users by name.
    public func users() async throws(AccountError) -> [User] {
        try await storing { () throws(StoreError) in try await store.users.list() }
    }

    /// The user of a name, whatever its case. Throws `notFound`.
    public func user(named name: String) async throws(AccountError) -> User {
        let stored = try await storing { () throws(StoreError) in try await store.users.find(name: name) }
        guard let stored else { throw .notFound }
        return stored.user
    }

    /// Adds a user.
    /// - Throws: `badName`, `weakPassword`, `nameTaken` (also for a name that looks like another user's), `busy`,
    ///   `unavailable`.
    public func createUser(name: String, password: String, role: Role) async throws(AccountError) -> User {
        let name = try Self.checked(name)
        let bytes = try PasswordRule.bytes(of: password)
        let look = NameLook(name.rawValue)
        guard try await !users().contains(where: { NameLook($0.name) == look }) else { throw .nameTaken }
        let hash = try await passwords.hash(bytes)
        let user = try await storing { () throws(StoreError) in
            try await store.users.create(name: name, passwordHash: hash, role: role)
        }
        logger.info("user created", metadata: ["user": "\(user.id)", "role": "\(role.rawValue)"])
        return user
    }

    /// Sets a password and ends all of the user's sessions, with no exception: log the one who asked in again with
    /// ``reopenSession(for:)``.
    public func changePassword(of user: UserID, to password: String) async throws(AccountError) {
        let hash = try await passwords.hash(PasswordRule.bytes(of: password))
        try await storing { () throws(StoreError) in try await store.users.setPassword(hash, of: user) }
        logger.info("password changed", metadata: ["user": "\(user)"])
    }

    /// Changes the viewer's own password: the old one is asked, all sessions end, and a fresh one is made.
    /// Throws as ``logIn(name:password:client:replacing:)`` does, and `weakPassword`.
    public func changeOwnPassword(
        _ viewer: Viewer, current: String, new: String, client: String
    ) async throws(AccountError) -> OpenedSession {
        _ = try PasswordRule.bytes(of: new)
        try await confirmPassword(viewer, password: current, client: client)
        try await changePassword(of: viewer.user.id, to: new)
        return try await reopenSession(for: viewer.user.id)
    }

    /// A fresh session for a user who has just been proven to be the one at the other end.
    public func reopenSession(for user: UserID) async throws(AccountError) -> OpenedSession {
        let stored = try await storing { () throws(StoreError) in try await store.users.find(id: user) }
        guard let stored, !stored.user.isDisabled else { throw .notFound }
        return try await openSession(for: stored.user)
    }

    /// Changes a role; the user's sessions end at once. Throws `lastAdmin`, `notFound`.
    public func changeRole(of user: UserID, to role: Role) async throws(AccountError) -> User {
        let changed = try await keepingAnAdmin { () throws(StoreError) in try await store.users.setRole(role, of: user)
        }
        logger.info("role changed", metadata: ["user": "\(user)", "role": "\(role.rawValue)"])
        return changed
    }

    /// Locks a user out, which ends sessions and bearer tokens at once, or in again. Throws `lastAdmin`, `notFound`.
    public func setDisabled(_ disabled: Bool, user: UserID) async throws(AccountError) -> User {
        let changed = try await keepingAnAdmin { () throws(StoreError) in
            try await store.users.setDisabled(disabled, of: user)
        }
        logger.info("user \(disabled ? "disabled" : "enabled")", metadata: ["user": "\(user)"])
        return changed
    }

    static func checked(_ name: String) throws(AccountError) -> UserName {
        do {
            return try UserName(name)
        } catch {
            throw .badName(error.sentence)
        }
    }

    private func keepingAnAdmin(_ change: () async throws(StoreError) -> User) async throws(AccountError) -> User {
        do {
            return try await storing(change)
        } catch {
            throw error == .nameTaken ? .lastAdmin : error
        }
    }
}
