import Accounts
import Cryptography
import Logging
import Postgres
import Store
import TestDatabase

/// An account service on a database of its own.
struct TestAccounts: Sendable {
    let accounts: AccountService
    let database: Database

    static func with(
        limits: LoginLimits = LoginLimits(), gate: ScryptGate = ScryptGate(concurrent: 4, waiting: 64),
        _ body: (TestAccounts) async throws -> Void
    ) async throws {
        try await TestDatabase.withStore { store, database in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let accounts = AccountService(
                store: store, gate: gate, limiter: LoginLimiter(limits: limits), logger: logger)
            try await body(TestAccounts(accounts: accounts, database: database))
        }
    }
}
