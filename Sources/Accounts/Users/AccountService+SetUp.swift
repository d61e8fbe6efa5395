import Catalog
import Logging
import Store

extension AccountService {
    /// Whether there is no user yet, so that the site waits for its set-up.
    public func needsSetUp() async throws(AccountError) -> Bool {
        try await storing { () throws(StoreError) in try await store.users.count() } == 0
    }

    /// A fresh one-time set-up token, in place of any earlier one; nil once there is a user. It is for the person at
    /// the server's console: without it nobody can set the site up over the network. It holds for a day.
    public func makeSetupToken() async throws(AccountError) -> String? {
        let token = SecretToken()
        let isSet = try await storing { () throws(StoreError) in
            try await store.users.setSetupToken(hash: token.hash, lifetimeSeconds: SessionLimits.setupSeconds)
        }
        return isSet ? token.text : nil
    }

    /// Whether a set-up token may still be used.
    public func isSetupTokenValid(_ token: String) async throws(AccountError) -> Bool {
        guard let token = SecretToken(presented: token) else { return false }
        return try await storing { () throws(StoreError) in
            try await store.users.isSetupTokenValid(hash: token.hash)
        }
    }

    /// Makes the first admin and uses the token up, both or neither, and opens a session for them.
    /// Throws `setupClosed`, `badName`, `weakPassword`, `busy`, `unavailable`; tries count by `client` as log-ins do.
    public func setUp(
        token: String, name: String, password: String, client: String
    ) async throws(AccountError) -> OpenedSession {
        let name = try Self.checked(name)
        let bytes = try PasswordRule.bytes(of: password)
        let attempt = try limiter.begin(account: "", client: client)
        guard try await isSetupTokenValid(token), let token = SecretToken(presented: token) else { throw .setupClosed }
        limiter.forgive(attempt)
        let hash = try await passwords.hash(bytes)
        do {
            let user = try await storing { () throws(StoreError) in
                try await store.users.createFirstAdmin(
                    setupTokenHash: token.hash, name: name, passwordHash: hash)
            }
            logger.info("site set up", metadata: ["user": "\(user.id)"])
            return try await openSession(for: user)
        } catch {
            throw error == .notFound || error == .nameTaken ? .setupClosed : error
        }
    }

    /// Makes the user `admin` with a password from the server's environment, on a first start only: true when it was
    /// made, false when there is a user already. Throws `weakPassword`, `unavailable`.
    public func ensureAdmin(password: String) async throws(AccountError) -> Bool {
        let bytes = try PasswordRule.bytes(of: password)
        guard let token = try await makeSetupToken(), let secret = SecretToken(presented: token) else { return false }
        let hash = try await passwords.hash(bytes)
        let name = try Self.checked("admin")
        do {
            _ = try await storing { () throws(StoreError) in
                try await store.users.createFirstAdmin(
                    setupTokenHash: secret.hash, name: name, passwordHash: hash)
            }
            return true
        } catch {
            if error == .notFound || error == .nameTaken { return false }
            throw error
        }
    }
}
