import Foundation
import Testing

@testable import Postgres

@Suite struct MigrationsTests {
    private func withFolder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = try TestFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
        try await body(folder)
    }

    private static let files = [
        "0001_first.sql": "CREATE TABLE a (id int); INSERT INTO a VALUES (1);",
        "0002_second.sql": "CREATE TABLE b (id int);\n-- ümlaut\nINSERT INTO b VALUES (2);",
        "README": "not a migration",
    ]

    @Test func appliesEachFileOnce() async throws {
        try await withFolder(Self.files) { folder in
            try await TestCluster.withDatabase { database in
                let migrations = Migrations(directory: folder)
                #expect(try await migrations.status(on: database).map(\.isApplied) == [false, false])
                try await migrations.run(on: database)
                try await migrations.run(on: database)
                #expect(try await migrations.status(on: database).map(\.isApplied) == [true, true])
                #expect(try await database.rows("SELECT id FROM a UNION SELECT id FROM b").count == 2)
            }
        }
    }

    @Test func severalProgramsTakeTurns() async throws {
        try await withFolder(Self.files) { folder in
            try await TestCluster.withDatabase { database in
                try await withThrowingTaskGroup { group in
                    for _ in 0..<4 { group.addTask { try await Migrations(directory: folder).run(on: database) } }
                    try await group.waitForAll()
                }
                #expect(try await database.rows("SELECT id FROM a").count == 1)
            }
        }
    }

    /// D14
    @Test func refusesANewerSchema() async throws {
        try await withFolder(Self.files) { folder in
            try await TestCluster.withDatabase { database in
                try await Migrations(directory: folder).run(on: database)
                try FileManager.default.removeItem(atPath: folder + "/0002_second.sql")
                await #expect {
                    try await Migrations(directory: folder).run(on: database)
                } throws: { ($0 as? MigrationError)?.message.contains("newer than this program's 1") == true }
            }
        }
    }

    @Test func refusesAChangedFile() async throws {
        try await withFolder(Self.files) { folder in
            try await TestCluster.withDatabase { database in
                try await Migrations(directory: folder).run(on: database)
                try "SELECT 1".write(toFile: folder + "/0001_first.sql", atomically: true, encoding: .utf8)
                await #expect {
                    try await Migrations(directory: folder).run(on: database)
                } throws: { ($0 as? MigrationError)?.message.contains("checksum") == true }
            }
        }
    }

    @Test func aFailingFileLeavesTheOnesBefore() async throws {
        var files = Self.files
        files["0002_second.sql"] = "CREATE TABLE b (id int); SELECT 1/0;"
        try await withFolder(files) { folder in
            try await TestCluster.withDatabase { database in
                await #expect(throws: PostgresError.self) { try await Migrations(directory: folder).run(on: database) }
                #expect(try await database.rows("SELECT id FROM a").count == 1)
                await expect(code: .other(sqlState: "42P01")) { try await database.rows("SELECT id FROM b") }
                try "CREATE TABLE b (id int)".write(
                    toFile: folder + "/0002_second.sql", atomically: true, encoding: .utf8)
                try await Migrations(directory: folder).run(on: database)
                #expect(try await database.rows("SELECT id FROM b").isEmpty)
            }
        }
    }

    @Test(arguments: [["0002_second.sql": ""], ["one.sql": ""], [:]]) func refusesFoldersThatAreNotWhole(
        files: [String: String]
    ) async throws {
        try await withFolder(files) { folder in
            #expect(throws: MigrationError.self) { try MigrationFile.all(in: folder) }
        }
    }
}
