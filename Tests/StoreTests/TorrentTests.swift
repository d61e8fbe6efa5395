import Catalog
import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct TorrentTests {
    @Test func seedableTorrentsComeInPages() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            for seed in 1...5 {
                _ = try await Sample.publish(store, owner: owner, torrent: try Sample.torrent(UInt8(seed)))
            }
            _ = try await Sample.publish(store, owner: owner)
            var hashes: [InfoHash] = []
            while true {
                let page = try await store.torrents.seedable(after: hashes.last, limit: 2)
                if page.isEmpty { break }
                hashes += page.map(\.infoHash)
            }
            #expect(try hashes == (1...5).map { try Sample.torrent($0).infoHash })
            #expect(try await store.torrents.list().total == 5)
        }
    }

    @Test func totalsAddUp() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let torrent = try Sample.torrent(1)
            let unknown = try Sample.torrent(2).infoHash
            let video = try await Sample.publish(store, owner: owner, torrent: torrent)
            for _ in 0..<2 {
                try await store.torrents.addTotals([
                    torrent.infoHash: SwarmTotals(uploaded: 10, completed: 1), unknown: SwarmTotals(uploaded: 1),
                ])
            }
            #expect(try await store.torrents.totals(torrent.infoHash) == SwarmTotals(uploaded: 20, completed: 2))
            #expect(try await store.torrents.totals(unknown) == nil)
            let line = try #require(try await store.torrents.list().items.first)
            #expect(line.torrent.totals.uploaded == 20 && line.videoSlug == video.slug && line.isPublished)
        }
    }

    @Test func missingTorrentsAreAttachedOrMerged() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let first = try await Sample.publish(store, owner: owner)
            let second = try await Sample.publish(store, owner: owner)
            #expect(try await store.torrents.missing().map(\.id) == [first.media.id, second.media.id])
            let torrent = try Sample.torrent(1)
            #expect(try await store.torrents.attach(torrent, to: first.media.id) == .attached)
            #expect(try await store.torrents.attach(torrent, to: first.media.id) == .attached)
            #expect(try await store.torrents.attach(torrent, to: second.media.id) == .merged(into: first.media.id))
            #expect(try await store.torrents.missing().isEmpty)
            #expect(try await store.videos.video(id: second.id)?.media.id == first.media.id)
            #expect(try await store.videos.showing(first.media.id).count == 2)
            #expect(try await store.media.awaitingDeletion() == [second.media.id])
            await expect(.notFound) { try await store.torrents.attach(torrent, to: second.media.id) }
        }
    }
}
