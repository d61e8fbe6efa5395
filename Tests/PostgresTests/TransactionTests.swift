import Foundation
import Synchronization
import Testing

@testable import Postgres

@Suite struct TransactionTests {
    struct Stop: Error {}

    final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    @Test func allOrNothing() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id int PRIMARY KEY)")
            let sum: Int = try await database.transaction { transaction in
                try await transaction.execute("INSERT INTO a VALUES (1), (2)")
                return try await transaction.first("SELECT sum(id) FROM a")?.column(0) ?? 0
            }
            #expect(sum == 3)
            await #expect(throws: Stop.self) {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO a VALUES (3)")
                    throw Stop()
                }
            }
            #expect(try await database.rows("SELECT id FROM a").count == 2)
        }
    }

    @Test func aFailedTransactionCannotBeCommitted() async throws {
        try await TestCluster.withDatabase { database in
            await expect(code: .other(sqlState: "25P02")) {
                try await database.transaction { transaction in
                    _ = try? await transaction.execute("SELECT 1/0")
                }
            }
            let rows = try await database.rows("SELECT 1")
            #expect(rows.count == 1)
        }
    }

    @Test func isOverAfterItsClosure() async throws {
        try await TestCluster.withDatabase { database in
            let escaped = try await database.transaction { $0 }
            await expect(code: .closed) { try await escaped.execute("SELECT 1") }
        }
    }

    /// D08: two transactions that each read what the other writes; one of them runs again, and both happen once.
    @Test func repeatsAfterASerializationFailure() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id int PRIMARY KEY, n int)")
            try await database.execute("INSERT INTO a VALUES (1, 0)")
            let runs = Counter()
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await database.transaction(TransactionOptions(isolation: .repeatableRead)) { transaction in
                            runs.add()
                            _ = try await transaction.rows("SELECT n FROM a")
                            try await Task.sleep(for: .milliseconds(20))
                            try await transaction.execute("UPDATE a SET n = n + 1 WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total: Int? = try await database.first("SELECT n FROM a")?.column(0)
            #expect(total == 3)
            #expect(runs.value > 3)
        }
    }

    @Test func readOnlyTransactionsRefuseWrites() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id int)")
            await expect(code: .readOnly) {
                try await database.transaction { transaction -> Void in
                    try await transaction.execute("SET TRANSACTION READ ONLY")
                    try await transaction.execute("INSERT INTO a VALUES (1)")
                }
            }
        }
    }

    @Test func copiesInAndOut() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id bigint, n integer, data bytea, name text)")
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let count = try await database.transaction { transaction in
                try await transaction.copyIn(into: "a", columns: ["id", "n", "data", "name"]) {
                    (writer) throws(PostgresError) in
                    for number in 0..<4 {
                        try writer.row(columns: 4)
                        try writer.value(Int64(number))
                        try writer.value(Int32(-number))
                        try writer.bytes(bytes, number * 250_000..<(number + 1) * 250_000)
                        try writer.value(number == 0 ? nil : "name")
                    }
                }
            }
            #expect(count == 4)
            var copied: [UInt8] = []
            var names: [String?] = []
            try await database.transaction { transaction in
                try await transaction.copyOut(from: "a", columns: ["data", "name"]) { rows in
                    for row in rows {
                        copied += try row.column(0) ?? []
                        names.append(try row.column(1))
                    }
                }
                #expect(try await transaction.rows("SELECT 1 FROM a").count == 4)
            }
            #expect(copied == bytes)
            #expect(names == [nil, "name", "name", "name"])
        }
    }

    /// D15
    @Test func aBrokenCopyLeavesNothing() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute("CREATE TABLE a (id integer)")
            await expect(code: .badColumn) {
                try await database.transaction { transaction in
                    try await transaction.copyIn(into: "a", columns: ["id"]) { (writer) throws(PostgresError) in
                        try writer.row(columns: 1)
                        try writer.value(Int32(1))
                        throw PostgresError(.badColumn, "stop")
                    }
                }
            }
            await expect(code: .other(sqlState: "22P03")) {
                try await database.transaction { transaction in
                    try await transaction.copyIn(into: "a", columns: ["id"]) { (writer) throws(PostgresError) in
                        try writer.row(columns: 1)
                        try writer.value(Int64(1))
                    }
                }
            }
            #expect(try await database.rows("SELECT id FROM a").isEmpty)
        }
    }

    @Test func aCopyOutMayBeLeftHalfway() async throws {
        try await TestCluster.withDatabase { database in
            try await database.execute(
                "CREATE TABLE a AS SELECT n, repeat('x', 1000) AS t FROM generate_series(1, 20000) n")
            await #expect(throws: Stop.self) {
                try await database.transaction { transaction in
                    try await transaction.copyOut(from: "a", columns: ["n", "t"]) { _ in throw Stop() }
                }
            }
            #expect(try await database.rows("SELECT 1").count == 1)
        }
    }
}
