import Catalog
import Cryptography
import Logging
import Store

extension AccountService {
    /// Checks name and password and makes a session with a fresh token; a cookie the browser had before is never
    /// adopted.
    ///
    /// - Parameters:
    ///   - client: the address the request came from (after trusted proxies), as text; the limits count by it.
    ///   - replacing: the session token the browser had, which ends now: tokens rotate at log-in.
    /// - Throws: `wrongCredentials` (unknown name, wrong password, disabled user alike), `tooManyAttempts`, `busy`,
    ///   `unavailable`.
    public func logIn(
        name: String, password: String, client: String, replacing old: String? = nil
    ) async throws(AccountError) -> OpenedSession {
        let user = try await checkPassword(name: name, password: password, client: client)
        if let old { try await logOut(sessionToken: old) }
        return try await openSession(for: user)
    }

    /// Like ``logIn(name:password:client:replacing:)``, but makes a bearer token (`POST /api/v1/sessions`), which lives
    /// 30 days.
    public func logInForToken(
        name: String, password: String, client: String
    ) async throws(AccountError) -> NewAPIToken {
        let user = try await checkPassword(name: name, password: password, client: client)
        return try await makeToken(
            for: user, label: "Log-in over the API", lifetimeSeconds: SessionLimits.absoluteSeconds)
    }

    /// Asks for the password again, before user and role changes. Counts and throws as log-in does.
    public func confirmPassword(_ viewer: Viewer, password: String, client: String) async throws(AccountError) {
        _ = try await checkPassword(name: viewer.user.name, password: password, client: client)
    }

    /// Ends a session at once, on every node. An unknown token is no error.
    public func logOut(sessionToken: String) async throws(AccountError) {
        guard let token = SecretToken(presented: sessionToken) else { return }
        try await storing { () throws(StoreError) in try await store.sessions.delete(tokenHash: token.hash) }
    }

    func openSession(for user: User) async throws(AccountError) -> OpenedSession {
        let token = SecretToken()
        let session = NewSession(
            tokenHash: token.hash, userID: user.id, csrf: token.csrf,
            idleSeconds: SessionLimits.idleSeconds(for: user.role), absoluteSeconds: SessionLimits.absoluteSeconds)
        _ = try await storing { () throws(StoreError) in try await store.sessions.create(session) }
        return OpenedSession(token: token.text, csrf: token.csrf, user: user)
    }

    private func checkPassword(
        name: String, password: String, client: String
    ) async throws(AccountError) -> User {
        let name = String(name.prefix(200))
        let attempt = try limiter.begin(account: name.lowercased(), client: client)
        do {
            let user = try await checkPassword(of: name, [UInt8](password.utf8))
            limiter.forgive(attempt)
            return user
        } catch {
            if error != .wrongCredentials {
                limiter.forgive(attempt)
            } else {
                logger.info("log-in refused", metadata: ["user": "\(name)", "client": "\(client)"])
            }
            throw error
        }
    }

    /// One scrypt run whatever the outcome, so that time does not tell which names exist.
    private func checkPassword(of name: String, _ password: [UInt8]) async throws(AccountError) -> User {
        let stored = try await storedUser(name)
        let isPossible = PasswordRule.byteCounts.contains(password.count)
        let check = try await passwords.check(
            isPossible ? password : [], against: isPossible ? stored?.passwordHash : nil)
        guard let stored, isPossible, check != .wrong, !stored.user.isDisabled else {
            throw .wrongCredentials
        }
        if check == .matchesButRehash { await rehash(stored.user.id, password) }
        return stored.user
    }

    /// A name that breaks the rules is nobody's, and does not reach the database.
    private func storedUser(_ name: String) async throws(AccountError) -> StoredUser? {
        guard let name = try? UserName(name) else { return nil }
        return try await storing { () throws(StoreError) in try await store.users.find(name: name.rawValue) }
    }

    /// Stores the password under today's scrypt parameters; failing to is no reason to refuse the log-in.
    private func rehash(_ user: UserID, _ password: [UInt8]) async {
        do {
            let hash = try await passwords.hash(password)
            try await storing { () throws(StoreError) in try await store.users.rehashPassword(hash, of: user) }
        } catch {
            logger.notice("password not rehashed", metadata: ["reason": "\(error.code)"])
        }
    }
}
