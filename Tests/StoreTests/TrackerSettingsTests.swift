import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct TrackerSettingsTests {
    @Test func theyAreKeptAndTheRecordNamesWhatChanged() async throws {
        try await TestDatabase.withStore { store, _ in
            let wanted = TrackerSettings(interval: 120, minimumInterval: 30, handOut: .uploaders, logsAnnounces: false)
            let saved = try await store.settings.save(SettingsChanges(tracker: wanted), by: nil)
            #expect(saved.tracker == wanted)
            #expect(try await store.settings.load() == saved)
            let row = try #require(try await store.audit.list().items.first)
            #expect(
                row.reason == "tracker_interval = 120; tracker_minimum_interval = 30; tracker_hand_out = uploaders; "
                    + "tracker_log = false")
            _ = try await store.settings.save(SettingsChanges(tracker: wanted), by: nil)
            #expect(try await store.audit.list().total == 1)
        }
    }

    @Test func storedNonsenseBecomesSomethingThatWorks() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute(
                """
                INSERT INTO settings (key, value) VALUES ('tracker_interval', '30'),
                    ('tracker_minimum_interval', '4000'), ('tracker_maximum_peers', '20'), ('tracker_peers', 'many'),
                    ('tracker_swarm_limit', '-9223372036854775809'), ('tracker_hand_out', 'nobody')
                """)
            let settings = try await store.settings.load().tracker
            #expect(
                settings
                    == TrackerSettings(
                        interval: 30, minimumInterval: 30, peersPerAnswer: 20, maximumPeersPerAnswer: 20))
            #expect(throws: Never.self) { try SettingsChanges(tracker: settings) }
        }
    }

    @Test func theTagSeedIsMadeOnceAndKeptToTheServer() async throws {
        try await TestDatabase.withStore { store, _ in
            let seeds = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for _ in 0..<4 { group.addTask { try await store.swarms.tagSeed() } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(seeds.count == 1)
            #expect(try await store.swarms.tagSeed() == seeds.first)
            #expect(try await store.audit.list().total == 0)
        }
    }
}
