import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct SwarmTests {
    private func saved(_ seed: UInt8, _ bytes: [UInt8]) throws -> SavedSwarm {
        SavedSwarm(hash: try Sample.torrent(seed).infoHash, bytes: bytes)
    }

    private func publish(_ store: Store, _ seeds: ClosedRange<UInt8>) async throws {
        let owner = try await Sample.user(store)
        for seed in seeds { _ = try await Sample.publish(store, owner: owner, torrent: try Sample.torrent(seed)) }
    }

    @Test func theLatestSnapshotOfEachNodeIsKept() async throws {
        try await TestDatabase.withStore { store, _ in
            try await publish(store, 1...2)
            try await store.swarms.save([saved(1, [1]), saved(2, [2])], node: "a")
            try await store.swarms.save([saved(1, [3, 3]), saved(1, [4, 4])], node: "a")
            try await store.swarms.save([saved(1, [5])], node: "b")
            let kept = try await store.swarms.load(youngerThan: 3600)
            #expect(kept.map(\.bytes) == [[4, 4], [5], [2]])
            #expect(kept.map(\.node) == ["a", "b", "a"])
        }
    }

    @Test func anEmptySwarmLosesItsRowOnlyForItsNode() async throws {
        try await TestDatabase.withStore { store, _ in
            try await publish(store, 1...1)
            for node in ["a", "b"] { try await store.swarms.save([saved(1, [1])], node: node) }
            try await store.swarms.save([saved(1, [])], node: "a")
            #expect(try await store.swarms.load(youngerThan: 3600).map(\.node) == ["b"])
        }
    }

    @Test func aSwarmOfNoTorrentIsPassedOver() async throws {
        try await TestDatabase.withStore { store, _ in
            try await publish(store, 1...1)
            try await store.swarms.save([saved(1, [1]), saved(9, [9])], node: "a")
            try await store.swarms.save([], node: "a")
            #expect(try await store.swarms.load(youngerThan: 3600).map(\.bytes) == [[1]])
        }
    }

    /// T09
    @Test func ageIsTheDatabasesAndOldSwarmsAreForgotten() async throws {
        try await TestDatabase.withStore { store, database in
            try await publish(store, 1...3)
            try await store.swarms.save([saved(1, [1]), saved(2, [2]), saved(3, [3])], node: "a")
            let hashes = try (1...3).map { try Sample.torrent($0).infoHash.bytes }
            try await database.execute(
                "UPDATE swarms SET saved_at = now() - interval '100 seconds' WHERE info_hash = \(hashes[0])")
            try await database.execute(
                "UPDATE swarms SET saved_at = now() - interval '5000 seconds' WHERE info_hash = \(hashes[1])")
            // A clock that was set back makes no negative age.
            try await database.execute(
                "UPDATE swarms SET saved_at = now() + interval '5000 seconds' WHERE info_hash = \(hashes[2])")
            let kept = try await store.swarms.load(youngerThan: 3600)
            #expect(kept.map(\.bytes) == [[1], [3]])
            #expect((100...400).contains(kept.first?.age ?? 0) && kept.last?.age == 0)
            #expect(try await store.swarms.forgetOlder(than: 3600) == 1)
            #expect(try await store.swarms.load(youngerThan: 1_000_000).count == 2)
        }
    }

    @Test func swarmsComeInPagesOfRowsAndOfBytes() async throws {
        try await TestDatabase.withStore { store, _ in
            try await publish(store, 1...5)
            let large = [UInt8](repeating: 7, count: SwarmRepository.pageBytes * 2 / 3)
            for seed: UInt8 in 1...5 { try await store.swarms.save([saved(seed, [seed] + large)], node: "a") }
            func pages(limit: Int) async throws -> [[UInt8]] {
                var pages: [[UInt8]] = []
                var last: KeptSwarm?
                while true {
                    let page = try await store.swarms.load(after: last, youngerThan: 3600, limit: limit)
                    guard let end = page.last else { return pages }
                    pages.append(page.compactMap(\.bytes.first))
                    last = end
                }
            }
            #expect(try await pages(limit: 1) == [[1], [2], [3], [4], [5]])
            #expect(try await pages(limit: 100) == [[1, 2], [3, 4], [5]])
        }
    }

    @Test func aFilmsEndTakesItsSwarmAndHistoryAlong() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            let torrent = try Sample.torrent(1)
            let first = try await Sample.publish(store, owner: owner, torrent: torrent)
            let second = try await Sample.publish(store, owner: owner, torrent: torrent)
            try await store.swarms.save([saved(1, [1])], node: "a")
            try await store.history.append([HistorySample(hash: torrent.infoHash), HistorySample(hash: nil)])
            func rows() async throws -> [Int] {
                let row = try #require(
                    try await database.first(
                        "SELECT (SELECT count(*) FROM swarms), (SELECT count(*) FROM swarm_history)"))
                return [try row.column(0), try row.column(1)]
            }
            _ = try await store.videos.delete(first.id, by: owner.id, owner: nil)
            #expect(try await rows() == [1, 2])
            _ = try await store.videos.delete(second.id, by: owner.id, owner: nil)
            #expect(try await rows() == [0, 1])
        }
    }

    @Test func whatIsWrittenJustAfterADeletionIsFoundLater() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            _ = try await Sample.publish(store, owner: owner, torrent: try Sample.torrent(1))
            let orphan = try Sample.torrent(2).infoHash.bytes
            try await database.execute("INSERT INTO swarms (info_hash, node, bytes) VALUES (\(orphan), 'a', '\\x01')")
            try await database.execute(
                """
                INSERT INTO swarm_history (info_hash, seeders, leechers, partial_seeds, completed, uploaded)
                VALUES (\(orphan), 1, 0, 0, 0, 0)
                """)
            try await store.history.append([HistorySample(hash: try Sample.torrent(1).infoHash, seeders: 1)])
            try await store.history.append([HistorySample(hash: nil, seeders: 1)])
            #expect(try await store.swarms.forgetOlder(than: 3600) == 1)
            try await store.history.thin()
            let left: Int? = try await database.first("SELECT count(*) FROM swarm_history")?.column(0)
            #expect(left == 2)
        }
    }
}
