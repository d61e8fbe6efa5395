import Accounts
import Cryptography
import Foundation
import Logging
import Postgres
import Store

/// The site's database as a command sees it: migrated, with its users; opened for one piece of work.
struct SiteDatabase: Sendable {
    let store: Store
    let accounts: AccountService

    /// Opens the database that `serve` uses with the same options, runs `work`, and closes it.
    ///
    /// Works beside a running server: its private cluster is reached over the socket; where none runs, it is started
    /// for the moment.
    static func open<Value: Sendable>(
        _ options: ServeOptions, _ work: @Sendable (SiteDatabase) async throws -> Value
    ) async throws -> Value {
        let configuration = try options.resolved()
        let logger = Logger(label: "reelswarm") { LineLogHandler(label: $0, level: .warning) }
        let source = try await DatabaseSource.open(configuration, logger: logger, mayJoin: true)
        do {
            let value = try await work(try await make(source.database, configuration, logger))
            await source.close()
            return value
        } catch {
            await source.close()
            throw CommandFailure(message: CommandSentence.of(error))
        }
    }

    private static func make(
        _ database: Database, _ configuration: ServeConfiguration, _ logger: Logger
    ) async throws -> SiteDatabase {
        try await Migrations(directory: configuration.resources.appending(path: "migrations").path()).run(on: database)
        let store = Store(database: database)
        return SiteDatabase(
            store: store,
            accounts: AccountService(store: store, gate: ScryptGate(concurrent: 1, waiting: 1), logger: logger))
    }
}

/// One line for any error a command can meet.
enum CommandSentence {
    static func of(_ error: any Error) -> String {
        switch error {
        case let failure as CommandFailure: failure.message
        case let error as AccountError: error.message
        case let error as StoreError: error.message
        case let error as PostgresError: error.message
        default: String(describing: error)
        }
    }
}
