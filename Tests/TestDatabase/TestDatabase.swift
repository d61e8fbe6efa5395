import Foundation
public import Logging
public import Postgres
public import Store
import Synchronization

/// Databases for tests: one cluster per test process, made on first use and removed when the process exits, and in it a
/// fresh, migrated database for each test.
public enum TestDatabase {
    private struct Running: Sendable {
        let cluster: EmbeddedCluster
        let folder: String
    }

    private static let running = Mutex<Running?>(nil)
    private static let turns = Turns(12)

    private static let starting = Task { try await start() }

    /// A logger that says only what is wrong with a test's own surroundings.
    public static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// The folder of migrations, found from this file.
    public static var migrations: String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../migrations").standardizedFileURL
            .path()
    }

    /// Runs a test on a migrated database of its own; a dozen tests at a time.
    public static func withStore<Value: Sendable>(
        _ body: (Store, Database) async throws -> Value
    ) async throws -> Value {
        await turns.take()
        defer { turns.give() }
        let configuration = try await makeDatabase()
        let database = Database(configuration, logger: logger)
        do {
            let value = try await body(Store(database: database), database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    /// The way to a new, migrated database, for tests that make their own `Database` or start the whole program.
    public static func makeDatabase() async throws -> DatabaseConfiguration {
        let running = try await starting.value
        let name = "test_\(UInt64.random(in: 0...UInt64.max))"
        try await running.cluster.createDatabase(name, template: "template_migrated")
        return running.cluster.configuration(database: name)
    }

    private static func start() async throws -> Running {
        TestFolders.sweep()
        let folder = try TestFolders.make()
        let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: logger)
        let made = Running(cluster: cluster, folder: folder)
        running.withLock { $0 = made }
        atexit { TestDatabase.remove() }
        try await migrate(made)
        return made
    }

    private static func migrate(_ running: Running) async throws {
        try await running.cluster.createDatabase("template_migrated")
        let template = Database(running.cluster.configuration(database: "template_migrated"), logger: logger)
        try await Migrations(directory: migrations).run(on: template)
        await template.close()
    }

    private static func remove() {
        let state = running.withLock { state in
            defer { state = nil }
            return state
        }
        guard let state else { return }
        state.cluster.abandon()
        TestFolders.remove(state.folder)
    }
}
