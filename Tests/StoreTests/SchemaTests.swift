import Foundation
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct SchemaTests {
    /// Brings a database to the schema's first `count` steps.
    private func migrate(_ database: Database, steps count: Int) async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "reelswarm-schema-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        for name in try files.contentsOfDirectory(atPath: TestDatabase.migrations).sorted().prefix(count) {
            try files.copyItem(
                atPath: TestDatabase.migrations + "/" + name, toPath: folder.appending(path: name).path())
        }
        try await Migrations(directory: folder.path()).run(on: database)
    }

    @Test func aDatabaseOfTheFirstSchemaKeepsItsFilms() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute("DROP SCHEMA public CASCADE")
            try await database.execute("CREATE SCHEMA public")
            try await migrate(database, steps: 1)
            let owner = try await database.first(
                "INSERT INTO users (name, password_hash, role) VALUES ('ada', 'x', 'admin') RETURNING id")
            let media: Int64 = try #require(
                try await database.first(
                    "INSERT INTO media (file_name, chunk_size) VALUES ('a.mp4', 4096) RETURNING id")
            ).column(0)
            let hash = try Sample.torrent(1).infoHash
            try await database.execute(
                """
                INSERT INTO torrents (info_hash, media_id, info, piece_length, piece_count, uploaded, completed)
                VALUES (\(hash.bytes), \(media), '\\x6465', 16384, 1, 5, 6)
                """)
            try await Migrations(directory: TestDatabase.migrations).run(on: database)
            #expect(owner != nil)
            #expect(try await store.torrents.totals(hash) == SwarmTotals(uploaded: 5, completed: 6))
            try await store.swarms.save([SavedSwarm(hash: hash, bytes: [1])], node: "a")
            try await store.history.append([HistorySample(hash: hash, seeders: 1)])
            #expect(try await store.swarms.load(youngerThan: 3600).map(\.hash) == [hash])
            #expect(try await store.history.latest().map(\.seeders) == [1])
        }
    }

    /// Old indexes cannot be read any more: films get new ones by jobs, pictures get a storyboard.
    @Test func filmsOfAnOlderSchemaGetIndexesAnew() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute("DROP SCHEMA public CASCADE")
            try await database.execute("CREATE SCHEMA public")
            try await migrate(database, steps: 3)
            try await database.execute(
                """
                INSERT INTO media (file_name, chunk_size, state, size, container, media_type, facts, etag, width)
                VALUES ('a.mp4', 4096, 'complete', 1, 'mp4', 'video/mp4', '', 'aa', 640),
                    ('a.mp3', 4096, 'complete', 1, 'mp3', 'audio/mpeg', '', 'bb', NULL),
                    ('b.mp4', 4096, 'receiving', NULL, NULL, NULL, NULL, NULL, NULL)
                """)
            try await database.execute("INSERT INTO media_index (media_id, encoded) SELECT id, '\\x00' FROM media")
            try await database.execute("INSERT INTO jobs (kind, media_id) SELECT 'packet_scan', id FROM media")
            try await Migrations(directory: TestDatabase.migrations).run(on: database)
            #expect(try await database.rows("SELECT 1 FROM media_index").isEmpty)
            let jobs: [String] = try await database.rows("SELECT kind FROM jobs ORDER BY kind").map { try $0.column(0) }
            #expect(jobs == ["clip_index", "clip_index", "storyboard"])
            #expect(try await store.jobs.claim([.clipIndex]) != nil)
        }
    }
}
