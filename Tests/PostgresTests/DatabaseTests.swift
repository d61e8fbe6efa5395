import Foundation
import Testing

@testable import Postgres

@Suite struct DatabaseTests {
    @Test func valuesTravelBothWays() async throws {
        try await TestCluster.withDatabase { database in
            let moment = SQLTimestamp(microseconds: 1_700_000_000_123_456)
            let bytes = (0...255).map { UInt8($0) }
            let row = try #require(
                try await database.first(
                    """
                    SELECT \(Int.min), \(Int32.max), \(Int16.min), \(true), \(-0.1), \("grüße 🎬 ' \\ $1"), \(bytes),
                        \(moment), \(String?.none), \([1, -2, 3]), \(["a", ""]), \([bytes, []]), \([UInt8]())
                    """))
            #expect(try row.column(0) == Int.min)
            #expect(try row.column(1) == Int32.max)
            #expect(try row.column(2) == Int16.min)
            #expect(try row.column(3) == true)
            #expect(try row.column(4) == -0.1)
            #expect(try row.column(5) == "grüße 🎬 ' \\ $1")
            #expect(try row.column(6) == bytes)
            #expect(try row.column(7) == moment)
            #expect(try row.column(8, as: String?.self) == nil)
            #expect(try row.column(9) == [1, -2, 3])
            #expect(try row.column(10) == ["a", ""])
            #expect(try row.column(11) == [bytes, []])
            #expect(try row.column(12) == [UInt8]())
        }
    }

    @Test func wrongColumnsAreErrors() async throws {
        try await TestCluster.withDatabase { database in
            let row = try #require(try await database.first("SELECT 70000, NULL::text, 'a'"))
            #expect(throws: PostgresError.self) { try row.column(0, as: Int16.self) }
            #expect(throws: PostgresError.self) { try row.column(1, as: String.self) }
            #expect(throws: PostgresError.self) { try row.column(2, as: Bool.self) }
            #expect(throws: PostgresError.self) { try row.column(3, as: Int.self) }
            #expect(throws: PostgresError.self) { try row.column(-1, as: Int.self) }
        }
    }

    @Test func violationsNameTheirConstraint() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id int CONSTRAINT one_each PRIMARY KEY CHECK (id > 0))")
            try await database.execute("INSERT INTO a VALUES (1)")
            await expect(code: .uniqueViolation(constraint: "one_each")) {
                try await database.execute("INSERT INTO a VALUES (\(1))")
            }
            await expect(code: .checkViolation(constraint: "a_id_check")) {
                try await database.execute("INSERT INTO a VALUES (\(0))")
            }
            await expect(code: .other(sqlState: "42P01")) { try await database.execute("SELECT * FROM nowhere") }
            await expect(code: .invalidText) { try await database.execute("SELECT \("a\u{0}")") }
            #expect(try await database.rows("SELECT id FROM a").count == 1)
        }
    }

    /// D06
    @Test func aFullPoolIsRefusedAfterTheWaitLimit() async throws {
        try await TestCluster.withDatabase {
            $0.poolSize = 2
            $0.waitLimit = .milliseconds(200)
        } _: { database in
            try await database.transaction { _ in
                try await database.transaction { _ in
                    await expect(code: .poolExhausted) { try await database.execute("SELECT 1") }
                }
                #expect(try await database.rows("SELECT 1").count == 1)
            }
        }
    }

    @Test func manyCallersShareFewConnections() async throws {
        try await TestCluster.withDatabase {
            $0.poolSize = 3
        } _: { database in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...200 {
                    group.addTask { try await database.first("SELECT \(number)")?.column(0) ?? 0 }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 20_100)
            let backends: Int? = try await database.first(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")?.column(0)
            #expect(try #require(backends) <= 3)
        }
    }

    @Test func aCancelledCallerLeavesTheLine() async throws {
        try await TestCluster.withDatabase {
            $0.poolSize = 1
        } _: { database in
            try await database.transaction { _ in
                let waiting = Task { try await database.execute("SELECT 1") }
                waiting.cancel()
                await #expect(throws: PostgresError.self) { _ = try await waiting.value }
            }
            #expect(try await database.rows("SELECT 1").count == 1)
        }
    }

    @Test func locksAndLongStatementsTimeOut() async throws {
        try await TestCluster.withDatabase {
            $0.lockTimeout = .milliseconds(100)
            $0.statementTimeout = .milliseconds(400)
        } _: { database in
            try await database.execute("CREATE TABLE a (id int)")
            try await database.execute("INSERT INTO a VALUES (1)")
            try await database.transaction { transaction in
                try await transaction.execute("UPDATE a SET id = 2")
                await expect(code: .lockTimeout) { try await database.execute("UPDATE a SET id = 3") }
            }
            await expect(code: .statementTimeout) { try await database.execute("SELECT pg_sleep(30)") }
            let limit: String? = try await database.transaction(TransactionOptions(timeout: .seconds(60))) {
                try await $0.first("SELECT current_setting('statement_timeout')")?.column(0)
            }
            #expect(limit == "1min")
        }
    }

    @Test func aServerThatIsNotThereIsUnavailable() async throws {
        let database = Database(
            DatabaseConfiguration(socketDirectory: "/nowhere", user: "a", database: "b"), logger: TestCluster.logger)
        await expect(code: .unavailable) { try await database.execute("SELECT 1") }
        await expect(code: .unavailable) { try await database.transaction { _ in } }
        await database.close()
        await expect(code: .closed) { try await database.execute("SELECT 1") }
    }

    @Test func urlsAreUnderstood() async throws {
        let cluster = try await TestCluster.cluster()
        #expect(try #require(cluster.availableBytes()) > 0)
        let url = "postgresql:///reelswarm?host=\(cluster.socketDirectory)&user=reelswarm"
        let database = Database(DatabaseConfiguration(connection: url), logger: TestCluster.logger)
        let settings: String? = try await database.first(
            "SELECT current_user || ' ' || current_setting('lock_timeout') || ' ' || current_setting('TimeZone')")?
            .column(0)
        #expect(settings == "reelswarm 2s UTC")
        await database.close()
    }

    @Test func notificationsArrive() async throws {
        try await TestCluster.withDatabase { database in
            var payloads = database.listen("news").makeAsyncIterator()
            let sender = Task {
                while !Task.isCancelled {
                    try await database.notify("news", "grüße")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(await payloads.next() == "grüße")
            sender.cancel()
        }
    }

    @Test(
        arguments: [
            ("53100", .diskFull), ("25006", .readOnly), ("40P01", .serialization), ("53300", .unavailable),
            ("57P01", .unavailable), ("08006", .unavailable), ("22021", .invalidText),
            ("42601", .other(sqlState: "42601")),
        ] as [(String, PostgresError.Code)]) func statesHaveCodes(state: String, code: PostgresError.Code)
    {
        #expect(PostgresError(sqlState: state, message: "", constraint: "").code == code)
    }
}

/// Expects that a call throws a `PostgresError` with a code.
func expect(
    code: PostgresError.Code, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Any?
) async {
    do {
        _ = try await body()
        Issue.record("Nothing was thrown.", sourceLocation: location)
    } catch let error as PostgresError {
        #expect(error.code == code, sourceLocation: location)
    } catch {
        Issue.record(error, sourceLocation: location)
    }
}
