import Metainfo
import Postgres
import Store
import Synchronization
import TestDatabase
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite struct SwarmsHistoryTests {
    /// What a seeder would have sent.
    private final class Uploads: Sendable {
        private let bytes = Mutex<[InfoHash: UInt64]>([:])

        func add(_ count: UInt64, _ hash: InfoHash) { bytes.withLock { $0[hash, default: 0] += count } }

        func take() -> [InfoHash: UInt64] {
            bytes.withLock { bytes in
                defer { bytes = [:] }
                return bytes
            }
        }
    }

    private struct Site {
        let store: Store
        let database: Database
        let hash: InfoHash
        let tracker: Tracker
        let uploads = Uploads()
        let start = ContinuousClock.now

        func recorder() -> HistoryRecorder {
            HistoryRecorder(
                store: store, tracker: tracker, uploads: { [uploads] in uploads.take() }, logger: SwarmsSample.logger)
        }

        /// Looks at the swarm some seconds after the start.
        func record(_ recorder: HistoryRecorder, at seconds: Int, everything: Bool = false) async {
            recorder.note(hash)
            await recorder.record(everything: everything, now: start + .seconds(seconds))
        }

        /// Leechers and bytes of the torrent's rows.
        func rows() async throws -> [[Int]] {
            try await database.rows(
                "SELECT leechers::bigint, uploaded FROM swarm_history WHERE info_hash = \(hash.bytes) ORDER BY at"
            ).map { row throws(PostgresError) in [try row.column(0), try row.column(1)] }
        }
    }

    private func withSite(_ body: (Site) async throws -> Void) async throws {
        try await TestDatabase.withStore { store, database in
            let sample = try await SwarmsSample.make(1, in: database)
            try await body(
                Site(store: store, database: database, hash: sample.hashes[0], tracker: sample.tracker()))
        }
    }

    @Test func aTorrentWithoutPeersHasNoRows() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            for second in [0, 15, 1000] { await site.record(recorder, at: second) }
            let rows = try await site.rows()
            #expect(rows.isEmpty)
        }
    }

    @Test func theFirstPeerIsSeenAtOnceAndChangesEveryFiveMinutes() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            site.tracker.setLocalSeeder(addresses: SeederAddresses(explicit: [], port: 1))
            site.tracker.localSeeding(site.hash, true)
            await site.record(recorder, at: 0)
            #expect(try await site.rows() == [[0, 0]])
            try site.tracker.announce(site.hash, client: 2)
            await site.record(recorder, at: 15)
            #expect(try await site.rows() == [[0, 0], [1, 0]])
            try site.tracker.announce(site.hash, client: 3)
            for second in [30, 100, 300] { await site.record(recorder, at: second) }
            #expect(try await site.rows().count == 2)
            await site.record(recorder, at: 315)
            #expect(try await site.rows().last == [2, 0])
        }
    }

    @Test func whatStaysTheSameIsNotWrittenAgain() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            try site.tracker.announce(site.hash, client: 2)
            for second in [0, 400, 800, 1200] { await site.record(recorder, at: second) }
            #expect(try await site.rows() == [[1, 0]])
            site.uploads.add(77, site.hash)
            await site.record(recorder, at: 1600)
            #expect(try await site.rows() == [[1, 0], [1, 77]])
        }
    }

    @Test func bytesWaitForTheirRowAndForTheDatabase() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            try site.tracker.announce(site.hash, client: 2)
            await site.record(recorder, at: 0)
            for second in [15, 30] {
                site.uploads.add(10, site.hash)
                await site.record(recorder, at: second)
            }
            try await site.database.execute("ALTER TABLE swarm_history RENAME TO away")
            await site.record(recorder, at: 400)
            try await site.database.execute("ALTER TABLE away RENAME TO swarm_history")
            site.uploads.add(1, site.hash)
            await site.record(recorder, at: 415)
            #expect(try await site.rows() == [[1, 0], [1, 21]])
            let all = try await site.store.history.totals(since: .seconds(3600), points: 1)
            #expect(all.reduce(0) { $0 + $1.uploaded } == 21)
        }
    }

    @Test func aStopWritesWhatIsNew() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            try site.tracker.announce(site.hash, client: 2)
            await site.record(recorder, at: 0)
            try site.tracker.announce(site.hash, client: 3)
            site.uploads.add(5, site.hash)
            await site.record(recorder, at: 20, everything: true)
            #expect(try await site.rows() == [[1, 0], [2, 5]])
        }
    }

    @Test func aRestartWritesOnlyWhatIsNew() async throws {
        try await withSite { site in
            try site.tracker.announce(site.hash, client: 2)
            await site.record(site.recorder(), at: 0)
            let again = site.recorder()
            await again.load()
            await site.record(again, at: 1)
            #expect(try await site.rows() == [[1, 0]])
            try site.tracker.announce(site.hash, client: 2, event: .stopped)
            await site.record(again, at: 2)
            #expect(try await site.rows() == [[1, 0], [0, 0]])
        }
    }

    @Test func allTorrentsTogetherHaveTheirOwnRows() async throws {
        try await withSite { site in
            let recorder = site.recorder()
            try site.tracker.announce(site.hash, client: 2)
            try site.tracker.announce(site.hash, client: 3, left: 0)
            await site.record(recorder, at: 0)
            let point = try #require(
                try await site.store.history.totals(since: .seconds(3600), points: 1).last)
            #expect(point.seeders == 1 && point.leechers == 1)
        }
    }

    @Test func theServiceFollowsTheTrackerAndEndsInGoodTime() async throws {
        try await withSite { site in
            let recorder = HistoryRecorder(
                store: site.store, tracker: site.tracker, uploads: { [:] }, round: .milliseconds(20),
                logger: SwarmsSample.logger)
            let running = Task { try await recorder.run() }
            try site.tracker.announce(site.hash, client: 2)
            while try await site.rows().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            try await running.value
            #expect(try await site.rows() == [[1, 0]])
        }
    }
}
