import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct SwarmHistoryTests {
    private struct Site {
        let store: Store
        let database: Database
        let hash: InfoHash

        /// A row as the server would have written it `ago` seconds before.
        func row(_ ago: Int, seeders: Int, leechers: Int = 0, completed: Int = 0, uploaded: Int = 0) async throws {
            try await database.execute(
                """
                INSERT INTO swarm_history (info_hash, at, seeders, leechers, partial_seeds, completed, uploaded)
                VALUES (\(hash.bytes), now() - \(Double(ago)) * interval '1 second', \(Double(seeders))::float8,
                    \(Double(leechers))::float8, 0, \(completed), \(uploaded))
                """)
        }
    }

    private func withSite(_ body: (Site) async throws -> Void) async throws {
        try await TestDatabase.withStore { store, database in
            let torrent = try Sample.torrent(1)
            _ = try await Sample.publish(store, owner: try await Sample.user(store), torrent: torrent)
            try await body(Site(store: store, database: database, hash: torrent.infoHash))
        }
    }

    @Test func samplesAreKeptForTorrentsThatExistAndForAll() async throws {
        try await withSite { site in
            let unknown = try Sample.torrent(7).infoHash
            try await site.store.history.append([
                HistorySample(
                    hash: site.hash, seeders: 3, leechers: 2, partialSeeds: 1, completed: 7, uploaded: 1 << 40),
                HistorySample(hash: nil, seeders: 30, leechers: 20, completed: 70, uploaded: .max),
                HistorySample(hash: unknown, seeders: 9),
            ])
            let points = try await site.store.history.samples(site.hash, since: .seconds(3600), points: 12)
            let point = try #require(points.last)
            #expect(points.count == 1 && point.seeders == 3 && point.leechers == 2 && point.partialSeeds == 1)
            #expect(point.completed == 7 && point.uploaded == 1 << 40)
            let totals = try await site.store.history.totals(since: .seconds(3600), points: 12)
            #expect(totals.map(\.seeders) == [30] && totals.first?.uploaded == .max)
            #expect(try await site.store.history.samples(unknown, since: .seconds(3600), points: 12).isEmpty)
            let latest = try await site.store.history.latest()
            #expect(
                latest == [HistorySample(hash: site.hash, seeders: 3, leechers: 2, partialSeeds: 1, completed: 7)])
            #expect(try await site.store.history.latest(after: site.hash).isEmpty)
        }
    }

    @Test func whatDoesNotChangeHoldsUntilTheNextRow() async throws {
        try await withSite { site in
            try await site.row(50_000, seeders: 4, leechers: 1)
            let points = try await site.store.history.samples(site.hash, since: .seconds(86_400), points: 24)
            #expect((14...15).contains(points.count))
            #expect(points.allSatisfy { $0.seeders == 4 && $0.leechers == 1 })
        }
    }

    @Test func theRowBeforeTheChartReachesIntoIt() async throws {
        try await withSite { site in
            try await site.row(500_000, seeders: 9, uploaded: 77)
            let points = try await site.store.history.samples(site.hash, since: .seconds(7200), points: 24)
            #expect(points.count == 24)
            #expect(points.allSatisfy { $0.seeders == 9 && $0.uploaded == 0 })
        }
    }

    @Test func countsAreMeansOverTimeAndBytesAreSums() async throws {
        try await withSite { site in
            // Ten seeders for 400 seconds of a day, none for the rest: that is no mean of ten.
            try await site.row(80_000, seeders: 0, uploaded: 5)
            try await site.row(40_000, seeders: 10, completed: 1, uploaded: 6)
            try await site.row(39_600, seeders: 0, completed: 2, uploaded: 7)
            let points = try await site.store.history.samples(site.hash, since: .seconds(2 * 86_400), points: 1)
            #expect(points.count == 1 && points.first?.seeders == 0)
            #expect(points.first?.completed == 2)
            let fine = try await site.store.history.samples(site.hash, since: .seconds(86_400), points: 288)
            #expect(fine.reduce(0) { $0 + $1.uploaded } == 18)
            #expect(fine.contains { $0.seeders >= 5 })
            #expect(zip(fine, fine.dropFirst()).allSatisfy { $1.at.microseconds - $0.at.microseconds == 300_000_000 })
        }
    }

    @Test(arguments: [(-5, 0), (0, -1), (Int.max, .max), (1, 1), (60, 2000)])
    func oddRequestsAreAnswered(seconds: Int, points: Int) async throws {
        try await withSite { site in
            try await site.row(10, seeders: 2)
            let chart = try await site.store.history.samples(site.hash, since: .seconds(seconds), points: points)
            #expect(!chart.isEmpty && chart.count <= 2000)
        }
    }
}
