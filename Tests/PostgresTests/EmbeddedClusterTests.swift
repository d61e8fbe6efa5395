import Foundation
import Testing

@testable import Postgres

/// Each test has a cluster of its own, since it is stopped, killed or stood still.
@Suite(.serialized) struct EmbeddedClusterTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try TestFolder.make()
        do {
            try await body(folder)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func withCluster(_ body: (EmbeddedCluster, Database) async throws -> Void) async throws {
        try await withFolder { folder in
            let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            var configuration = cluster.configuration
            configuration.statementTimeout = .milliseconds(800)
            configuration.socketMargin = .milliseconds(200)
            configuration.connectTimeout = .milliseconds(800)
            let database = Database(configuration, logger: TestCluster.logger)
            do {
                try await body(cluster, database)
            } catch {
                await cluster.stop()
                throw error
            }
            await database.close()
            await cluster.stop()
        }
    }

    /// Asks until the server answers again.
    private func recovered(_ database: Database) async throws {
        for _ in 0..<200 {
            if (try? await database.rows("SELECT 1")) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("The database did not come back.")
    }

    @Test func keepsItsDataAndLeavesNoProcess() async throws {
        try await withFolder { folder in
            let first = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            let number = try #require(first.processNumber)
            let database = Database(first.configuration, logger: TestCluster.logger)
            try await database.execute("CREATE TABLE a AS SELECT 1 AS id")
            let superuser: Bool? = try await database.first(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")?.column(0)
            #expect(superuser == false)
            await database.close()
            await first.stop()
            #expect(kill(number, 0) != 0)
            #expect(!FileManager.default.fileExists(atPath: first.socketDirectory))

            let second = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            let again = Database(second.configuration, logger: TestCluster.logger)
            #expect(try await again.rows("SELECT id FROM a").count == 1)
            await again.close()
            await second.stop()
        }
    }

    @Test func aSecondServerIsRefused() async throws {
        try await withFolder { folder in
            let first = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            await #expect {
                _ = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            } throws: {
                let message = ($0 as? ClusterError)?.message ?? ""
                return message.contains("in use by another server (process \(getpid()))")
            }
            await first.stop()
        }
    }

    @Test func whatACrashLeftIsCleared() async throws {
        try await withFolder { folder in
            let made = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            await made.stop()
            let user = try ClusterUser.current()
            let home = try ClusterHome.prepare(dataDirectory: folder, user: user, logger: TestCluster.logger)
            let programs = try await ClusterPrograms.find(version: home.version)
            let socket = try SocketDirectory.make(for: home)
            let orphan = Postmaster.launch(home, programs, socket: socket)
            while !FileManager.default.fileExists(atPath: socket.path + "/.s.PGSQL.5432") {
                try await Task.sleep(for: .milliseconds(20))
            }
            let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            await orphan.waitForEnd()
            #expect(!FileManager.default.fileExists(atPath: socket.path))
            await cluster.stop()
        }
    }

    @Test func aProcessNumberOfAnotherProgramDoesNotHinder() async throws {
        try await withFolder { folder in
            let made = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            await made.stop()
            let home = try ClusterHome.prepare(
                dataDirectory: folder, user: .current(), logger: TestCluster.logger)
            try "\(getpid())\n\(home.data)\n".write(
                toFile: home.data + "/postmaster.pid", atomically: true, encoding: .utf8)
            let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            await cluster.stop()
        }
    }

    /// D02: the server is killed; it comes back by itself, and what was committed is there.
    @Test func aKilledServerComesBack() async throws {
        try await withCluster { cluster, database in
            try await database.execute("CREATE TABLE a (id int)")
            try await database.execute("INSERT INTO a VALUES (1)")
            let number = try #require(cluster.processNumber)
            kill(number, SIGKILL)
            // The old backends answer for another moment.
            while cluster.processNumber == number || cluster.processNumber == nil {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await recovered(database)
            #expect(try await database.rows("SELECT id FROM a").count == 1)
            try await database.execute("INSERT INTO a VALUES (2)")
        }
    }

    /// D03: one backend is killed, which ends all; idle connections are replaced, so that nobody notices later.
    @Test func deadConnectionsAreReplaced() async throws {
        try await withCluster { cluster, database in
            let backend: Int32 = try await database.transaction { outer in
                try await database.transaction { inner in
                    _ = try await inner.rows("SELECT 1")
                    return try await outer.first("SELECT pg_backend_pid()")?.column(0) ?? 0
                }
            }
            kill(backend, SIGKILL)
            try await recovered(database)
            for _ in 0..<10 { _ = try await database.rows("SELECT 1") }
        }
    }

    @Test func aReadIsAskedAgainAndAWriteIsNot() async throws {
        try await withCluster { cluster, database in
            try await database.execute("CREATE TABLE a (id int)")
            let superuser = Database(cluster.administration, logger: TestCluster.logger)
            let terminate: SQLQuery = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE state = 'active' AND query LIKE '%pg_sleep(0.3)%' AND pid <> pg_backend_pid()
                """
            async let read = database.rows("SELECT 1, pg_sleep(0.3)")
            while try await superuser.rows(terminate).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try await read.count == 1)

            async let write = database.execute("INSERT INTO a SELECT 1 FROM pg_sleep(0.3)")
            while try await superuser.rows(terminate).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            do {
                _ = try await write
                Issue.record("The write was repeated.")
            } catch {
                let code = (error as? PostgresError)?.code
                #expect(code == .unavailable || code == .unknownOutcome)
            }
            #expect(try await database.rows("SELECT id FROM a").isEmpty)
            await superuser.close()
        }
    }

    /// D05: a server that stands still frees its callers, and is used again when it goes on.
    @Test func aServerThatStandsStillFreesItsCallers() async throws {
        try await withCluster { cluster, database in
            let backend: Int32 = try await database.first("SELECT pg_backend_pid()")?.column(0) ?? 0
            let number = try #require(cluster.processNumber)
            kill(backend, SIGSTOP)
            kill(number, SIGSTOP)
            await expect(code: .unavailable) { try await database.rows("SELECT 1") }
            await expect(code: .unavailable) { try await database.rows("SELECT 1") }
            kill(number, SIGCONT)
            kill(backend, SIGCONT)
            try await recovered(database)
        }
    }

    /// D04: nobody knows what became of a COMMIT that was never answered.
    @Test func anUnansweredCommitIsUnknown() async throws {
        try await withCluster { cluster, database in
            try await database.execute("CREATE TABLE a (id int)")
            await expect(code: .unknownOutcome) {
                try await database.transaction { transaction -> Void in
                    try await transaction.execute("INSERT INTO a VALUES (1)")
                    let backend: Int32 = try await transaction.first("SELECT pg_backend_pid()")?.column(0) ?? 0
                    kill(backend, SIGSTOP)
                    Task {
                        try await Task.sleep(for: .milliseconds(1500))
                        kill(backend, SIGCONT)
                    }
                }
            }
            try await recovered(database)
        }
    }

    /// A folder that PostgreSQL's user cannot reach, as in root's home.
    @Test(.enabled(if: geteuid() == 0)) func anUnreachableFolderSendsTheDatabaseElsewhere() async throws {
        try await withFolder { folder in
            chmod(folder, 0o700)
            let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: TestCluster.logger)
            let database = Database(cluster.administration, logger: TestCluster.logger)
            let place: String = try await database.first("SELECT current_setting('data_directory')")?.column(0) ?? ""
            #expect(place.hasPrefix("/var/lib/reelswarm/"))
            await database.close()
            await cluster.stop()
            try FileManager.default.removeItem(atPath: String(place.dropLast("/data".count)))
            rmdir("/var/lib/reelswarm")
        }
    }
}
