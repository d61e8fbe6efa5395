import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct MediaTests {
    @Test func abandonedReceptionsAreSwept() async throws {
        try await TestDatabase.withStore { store, database in
            let old = try await store.media.begin(NewMedia(declaredSize: nil, fileName: "a.mp4"))
            let fresh = try await store.media.begin(NewMedia(declaredSize: nil, fileName: "b.mp4"))
            try await store.media.appendChunks(old, firstSequence: 0, bytes: Sample.bytes(300_000))
            try await database.execute(
                "UPDATE media SET touched_at = now() - interval '61 seconds' WHERE id = \(old.rawValue)")
            #expect(try await store.media.sweepAbandoned() == [old])
            #expect(try await store.media.sweepAbandoned().isEmpty)
            await expect(.conflict) { try await store.media.touch(old) }
            try await store.media.touch(fresh)
            try await Sample.removeDeleted(store)
            #expect(try await database.rows("SELECT 1 FROM media_chunks").isEmpty)
            #expect(try await database.rows("SELECT 1 FROM media").count == 1)
        }
    }

    @Test func aDiscardedReceptionLeavesNothing() async throws {
        try await TestDatabase.withStore { store, database in
            let media = try await store.media.begin(NewMedia(declaredSize: 5, fileName: "a.mp4"))
            try await store.media.appendChunks(media, firstSequence: 0, bytes: Sample.bytes(5))
            try await store.media.discard(media)
            try await store.media.discard(media)
            #expect(try await store.media.awaitingDeletion() == [media])
            #expect(try await store.media.deleteChunkBatch(media) == 1)
            #expect(try await store.media.deleteChunkBatch(media) == 0)
            #expect(try await store.media.awaitingDeletion().isEmpty)
            #expect(try await database.rows("SELECT 1 FROM media").isEmpty)
        }
    }

    /// D15: a chunk that is there already breaks its whole batch.
    @Test func aBatchIsStoredWholeOrNotAtAll() async throws {
        try await TestDatabase.withStore { store, database in
            let media = try await store.media.begin(NewMedia(declaredSize: nil, fileName: "a.mp4"))
            try await store.media.appendChunks(media, firstSequence: 2, bytes: Sample.bytes(10))
            await expect(.conflict) {
                try await store.media.appendChunks(media, firstSequence: 0, bytes: Sample.bytes(Sample.chunkSize * 3))
            }
            #expect(try await database.rows("SELECT 1 FROM media_chunks").count == 1)
        }
    }

    @Test func picturesAndIndexesBelongToPublishedContents() async throws {
        try await TestDatabase.withStore { store, _ in
            let video = try await Sample.publish(store, owner: try await Sample.user(store))
            #expect(try await store.media.thumbnail(of: video.media.id) == nil)
            #expect(!video.hasThumbnail)
            try await store.media.setThumbnail([1, 2], of: video.media.id)
            try await store.media.setThumbnail([3], of: video.media.id)
            #expect(try await store.media.thumbnail(of: video.media.id) == [3])
            #expect(try await store.videos.video(id: video.id)?.hasThumbnail == true)
            try await store.media.setIndex([9], of: video.media.id)
            #expect(try await store.media.index(of: video.media.id) == [9])
            try await store.media.setThumbnail([1], of: MediaID(rawValue: 1 << 40))
            try await store.media.setIndex([1], of: MediaID(rawValue: 1 << 40))
            let published = try await store.media.published(among: [video.media.id, MediaID(rawValue: 99)])
            #expect(published == [video.media.id])
            #expect(try await store.media.totalSize() == 1000)
        }
    }

    /// Ten rounds of upload and deletion do not grow the table beyond the second round's size.
    @Test func freedSpaceIsUsedAgain() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            var sizes: [Int64] = []
            for round in 0..<10 {
                let video = try await Sample.publish(store, Sample.bytes(3_000_000, seed: UInt8(round)), owner: owner)
                sizes.append(
                    try await database.first("SELECT pg_total_relation_size('media_chunks')")?.column(0) ?? 0)
                _ = try await store.videos.delete(video.id, by: owner.id, owner: nil)
                try await Sample.removeDeleted(store)
                try await store.media.vacuumChunks()
            }
            let first = try #require(sizes.first)
            #expect(sizes.allSatisfy { $0 <= first + first / 10 }, "\(sizes)")
        }
    }
}
