import Catalog
import Metainfo
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct PublishTests {
    @Test func aPublishedFilmIsWhole() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let bytes = Sample.bytes(1_500_000)
            let torrent = try Sample.torrent(9)
            let video = try await Sample.publish(
                store, bytes, owner: owner, title: "Ein Film!", torrent: torrent, jobs: [NewJob(kind: .thumbnail)])
            #expect(video.slug.rawValue == "ein-film")
            #expect(video.ownerName == "ada" && video.tags == ["film"] && video.state == .published)
            #expect(video.media.size == 1_500_000 && video.media.duration == 12.5 && video.media.width == 640)
            #expect(video.media.etag == String(repeating: "01", count: 20))
            #expect(video.torrent?.infoHash == torrent.infoHash && video.torrent?.pieceCount == 6)
            #expect(try await store.videos.video(slug: video.slug) == video)
            #expect(try await store.media.summary(video.media.id) == video.media)
            #expect(try await store.media.hashes(of: video.media.id) == Sample.hashes(1_500_000))
            #expect(try await store.media.index(of: video.media.id) == [1, 2, 3])
            #expect(try await store.torrents.infoBytes(torrent.infoHash) == torrent.infoBytes)
            let job = try await store.jobs.claim([.thumbnail])
            #expect(job?.mediaID == video.media.id)
            #expect(try await Sample.content(store, video.media.id, 0..<1_500_000) == bytes)
        }
    }

    @Test(arguments: [0..<1, 262_143..<262_145, 100..<900_000, 1_499_999..<1_500_000, 5..<5] as [Range<Int64>])
    func rangesAreExact(range: Range<Int64>) async throws {
        try await TestDatabase.withStore { store, _ in
            let bytes = Sample.bytes(1_500_000)
            let video = try await Sample.publish(store, bytes, owner: try await Sample.user(store))
            let part = try await Sample.content(store, video.media.id, range)
            #expect(part == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
    }

    @Test func rangesBeyondTheEndAreErrors() async throws {
        try await TestDatabase.withStore { store, _ in
            let video = try await Sample.publish(store, owner: try await Sample.user(store))
            await expect(.notFound) { try await Sample.content(store, video.media.id, 0..<1001) }
            await expect(.notFound) { try await Sample.content(store, MediaID(rawValue: 1 << 40), 0..<1) }
            await expect(.notFound) { try await Sample.content(store, video.media.id, 5 ..< .max) }
            await expect(.notFound) { try await Sample.content(store, video.media.id, .max - 1 ..< .max) }
        }
    }

    @Test func sameContentIsOneTorrentUnderTwoVideos() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            let torrent = try Sample.torrent(9)
            let first = try await Sample.publish(store, Sample.bytes(600_000), owner: owner, torrent: torrent)
            let second = try await Sample.publish(store, Sample.bytes(600_000), owner: owner, torrent: torrent)
            #expect(second.media.id == first.media.id && second.id != first.id)
            #expect(second.slug.rawValue == "a-film-2")
            #expect(try await store.media.awaitingDeletion().count == 1)
            #expect(try await store.jobs.claim([.deleteChunks]) != nil)
            try await Sample.removeDeleted(store)
            let chunks: Int? = try await database.first("SELECT count(*) FROM media_chunks")?.column(0)
            #expect(chunks == 3)

            let use = try await store.videos.delete(first.id, by: owner.id, owner: nil)
            #expect(use.videos == 1 && use.publishedVideos == 1 && use.infoHash == torrent.infoHash)
            #expect(try await Sample.content(store, second.media.id, 0..<600_000) == Sample.bytes(600_000))
            let last = try await store.videos.delete(second.id, by: owner.id, owner: owner.id)
            #expect(last.videos == 0)
            #expect(try await store.torrents.infoBytes(torrent.infoHash) == nil)
            try await Sample.removeDeleted(store)
            #expect(try await database.rows("SELECT 1 FROM media_chunks").isEmpty)
            #expect(try await database.rows("SELECT 1 FROM media").isEmpty)
        }
    }

    @Test func parallelPublishesOfTheSameContentAgree() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            let torrent = try Sample.torrent(9)
            let records = try await withThrowingTaskGroup(of: PublishRecord.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await Sample.receive(store, Sample.bytes(300_000), owner: owner, torrent: torrent)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let videos = try await withThrowingTaskGroup(of: Video.self) { group in
                for record in records { group.addTask { try await store.publish(record) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(videos.map(\.media.id)).count == 1)
            #expect(Set(videos.map(\.slug)).count == 6)
            #expect(try await store.media.awaitingDeletion().count == 5)
            try await Sample.removeDeleted(store)
            #expect(try await database.rows("SELECT 1 FROM media_chunks").count == 2)
        }
    }

    /// D04: the same key again is the same video.
    @Test func anIdempotencyKeyPublishesOnce() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let first = try await Sample.publish(store, owner: owner, key: "k1")
            let again = try await Sample.publish(store, owner: owner, key: "k1")
            let other = try await Sample.publish(store, owner: try await Sample.user(store, "bob"), key: "k1")
            #expect(first.id == again.id && other.id != first.id)
            #expect(try await store.media.awaitingDeletion().count == 1)
            await expect(.invalidValue) {
                try await Sample.publish(store, owner: owner, key: String(repeating: "k", count: 201))
            }
        }
    }

    @Test func aContentIsPublishedOnce() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let record = try await Sample.receive(store, Sample.bytes(1000), owner: owner)
            _ = try await store.publish(record)
            await expect(.conflict) { try await store.publish(record) }
            await expect(.conflict) {
                try await store.media.appendChunks(record.mediaID, firstSequence: 9, bytes: [1])
            }
            try await store.media.discard(record.mediaID)
            #expect(try await store.media.summary(record.mediaID) != nil)
        }
    }

    /// Batches commit asynchronously: what a crash of the database has lost must be noticed.
    @Test func lostChunksAreNoticed() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            for lost in [0, 1, 2] {
                let record = try await Sample.receive(store, Sample.bytes(800_000), owner: owner, title: "Lost \(lost)")
                try await database.execute(
                    "DELETE FROM media_chunks WHERE media_id = \(record.mediaID.rawValue) AND sequence = \(lost)")
                await expect(.conflict) { try await store.publish(record) }
            }
            #expect(try await store.videos.all().total == 0)
        }
    }

    @Test func manyFilmsOfOneTitleHaveTheirOwnSlugs() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            var slugs: Set<Slug> = []
            for _ in 0..<12 { slugs.insert(try await Sample.publish(store, owner: owner).slug) }
            #expect(slugs.count == 12)
        }
    }
}
