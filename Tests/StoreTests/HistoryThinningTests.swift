import Metainfo
import Postgres
import Store
import TestDatabase
import TestSupport
import Testing

@Suite struct HistoryThinningTests {
    private struct Row: Equatable {
        let hash: [UInt8]
        let at: Double
        let span: Int
        let seeders: Double
        let completed: Int
        let uploaded: Int
    }

    private func rows(_ database: Database) async throws -> [Row] {
        try await database.rows(
            """
            SELECT info_hash, extract(epoch FROM at)::float8, span, seeders, completed, uploaded
            FROM swarm_history ORDER BY info_hash, at
            """
        ).map { row throws(PostgresError) in
            Row(
                hash: try row.column(0), at: try row.column(1), span: try row.column(2), seeders: try row.column(3),
                completed: try row.column(4), uploaded: try row.column(5))
        }
    }

    /// Counts times seconds in a stretch of time, as rows that hold until the next one say it.
    private func integral(_ rows: [Row], _ stretch: Range<Double>) -> Double {
        var sum = 0.0
        for (index, row) in rows.enumerated() {
            let end = index + 1 < rows.count ? rows[index + 1].at : stretch.upperBound
            sum += row.seeders * max(0, min(end, stretch.upperBound) - max(row.at, stretch.lowerBound))
        }
        return sum
    }

    private func fill(_ database: Database, _ hash: InfoHash, from oldest: Int, random: inout SplitMix64) async throws {
        var ago = oldest
        var completed = 0
        while ago > 0 {
            completed += Int.random(in: 0...2, using: &random)
            try await database.execute(
                """
                INSERT INTO swarm_history (info_hash, at, seeders, leechers, partial_seeds, completed, uploaded)
                VALUES (\(hash.bytes), now() - \(Double(ago)) * interval '1 second',
                    \(Double(Int.random(in: 0...9, using: &random)))::float8, 0, 0, \(completed),
                    \(Int.random(in: 0...1000, using: &random)))
                """)
            // Often every five minutes, sometimes silent for hours.
            ago -= Int.random(in: 0...9, using: &random) == 0 ? Int.random(in: 300...40_000, using: &random) : 300
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func meansSumsAndMaximaAreExact(seed: UInt64) async throws {
        try await TestDatabase.withStore { store, database in
            var random = SplitMix64(seed: seed)
            let owner = try await Sample.user(store)
            let hashes = try (1...2).map { try Sample.torrent($0).infoHash }
            for seed: UInt8 in 1...2 {
                _ = try await Sample.publish(store, owner: owner, torrent: try Sample.torrent(seed))
            }
            for hash in hashes { try await fill(database, hash, from: 6 * 86_400, random: &random) }
            let before = try await rows(database)
            let now: Double = try #require(try await database.first("SELECT extract(epoch FROM now())::float8")).column(
                0)
            #expect(try await store.history.thin() > 0)
            let after = try await rows(database)
            #expect(after.count < before.count)
            for hash in hashes.map(\.bytes) {
                try compare(before.filter { $0.hash == hash }, after.filter { $0.hash == hash }, now: now)
            }
            #expect(try await store.history.thin() == 0)
            #expect(try await rows(database) == after)
        }
    }

    private func compare(_ before: [Row], _ after: [Row], now: Double) throws {
        let first = try #require(before.first)
        let last = try #require(before.last)
        #expect(before.reduce(0) { $0 + $1.uploaded } == after.reduce(0) { $0 + $1.uploaded })
        #expect(last.completed == after.last?.completed)
        let cutoff = ((now - 2 * 86_400) / 3600).rounded(.down) * 3600
        #expect(after.allSatisfy { $0.at >= cutoff - 3600 || $0.span == 3600 })
        let isYoungKept = before.filter { $0.at > cutoff + 3600 } == after.filter { $0.at > cutoff + 3600 }
        #expect(isYoungKept)
        var hour = (first.at / 3600).rounded(.down) * 3600 + 3600
        while hour < last.at {
            let difference = integral(before, hour..<hour + 3600) - integral(after, hour..<hour + 3600)
            #expect(abs(difference) < 0.1, "in the hour from \(hour)")
            hour += 3600
        }
    }

    @Test func hoursBecomeDays() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute(
                """
                INSERT INTO swarm_history (info_hash, at, span, seeders, leechers, partial_seeds, completed, uploaded)
                SELECT '', date_trunc('day', now(), 'UTC') - interval '70 days' + n * interval '1 hour', 3600,
                    n % 24, 0, 0, n, 10 FROM generate_series(0, 47) n
                """)
            try await store.history.thin()
            let kept = try await rows(database)
            #expect(kept.prefix(2).map(\.span) == [86_400, 86_400])
            #expect(kept.prefix(2).map(\.seeders) == [11.5, 11.5])
            #expect(kept.prefix(2).map(\.uploaded) == [240, 240] && kept.prefix(2).map(\.completed) == [23, 47])
            // What held after the last of them is said once, on the day that follows.
            #expect(kept.count == 3 && kept.last?.seeders == 23 && kept.last?.uploaded == 0)
        }
    }

    @Test func anotherNodeAtWorkIsEnough() async throws {
        try await TestDatabase.withStore { store, database in
            try await database.execute(
                """
                INSERT INTO swarm_history (info_hash, at, seeders, leechers, partial_seeds, completed, uploaded)
                SELECT '', date_trunc('hour', now(), 'UTC') - interval '4 days' + n * interval '5 minutes', n, 0, 0, 0, 1
                FROM generate_series(0, 99) n
                """)
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 { group.addTask { try await store.history.thin() } }
                return try await group.reduce(into: 0) { $0 += $1 }
            }
            // Nine hours, and once on the tenth what held after the last row.
            #expect(counts == 10)
            #expect(try await rows(database).reduce(0) { $0 + $1.uploaded } == 100)
        }
    }
}
