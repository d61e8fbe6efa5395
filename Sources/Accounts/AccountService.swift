import Catalog
public import Cryptography
public import Logging
public import Store

/// Users, log-in, sessions, bearer tokens and the one-time set-up.
///
/// All state is in the database, so a logout or a changed role counts at once on every node; only the log-in limits are
/// kept in memory. Idle and absolute limits are judged by the database's clock.
public struct AccountService: Sendable {
    let store: Store
    let passwords: PasswordHasher
    let limiter: LoginLimiter
    let logger: Logger

    /// Makes the service. `gate` bounds how many passwords are hashed at one time.
    public init(store: Store, gate: ScryptGate, limiter: LoginLimiter = LoginLimiter(), logger: Logger) {
        self.store = store
        self.passwords = PasswordHasher(gate: gate)
        self.limiter = limiter
        self.logger = logger
    }
}
