import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct PeerSettingsTests {
    @Test func theyAreKeptAndTheRecordNamesWhatChanged() async throws {
        try await TestDatabase.withStore { store, _ in
            let wanted = PeerSettings(uploadRate: 2000, downloadRate: 500, superSeeding: true)
            let saved = try await store.settings.save(SettingsChanges(peers: wanted), by: nil)
            #expect(saved.peers == wanted)
            #expect(try await store.settings.load() == saved)
            let row = try #require(try await store.audit.list().items.first)
            #expect(row.reason == "upload_rate = 2000; download_rate = 500; super_seeding = true")
            _ = try await store.settings.save(SettingsChanges(peers: wanted), by: nil)
            #expect(try await store.audit.list().total == 1)
        }
    }

    @Test func storedNonsenseIsNoLimit() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute(
                """
                INSERT INTO settings (key, value) VALUES ('upload_rate', '-5'), ('download_rate', 'fast'),
                    ('super_seeding', 'perhaps')
                """)
            #expect(try await store.settings.load().peers == PeerSettings())
        }
    }
}
