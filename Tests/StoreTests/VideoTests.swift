import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct VideoTests {
    @Test func theLibraryShowsWhatIsPublishedNewestFirst() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            var videos: [Video] = []
            for number in 1...5 {
                videos.append(try await Sample.publish(store, owner: owner, title: "Film \(number)"))
            }
            _ = try await store.videos.takeDown(videos[1].id, by: owner.id, owner: nil, reason: "asked")
            let page = try await store.videos.published(query: LibraryQuery(page: 1, perPage: 3))
            #expect(page.items.map(\.title) == ["Film 5", "Film 4", "Film 3"])
            #expect(page.total == 4 && page.hasNext)
            let second = try await store.videos.published(query: LibraryQuery(page: 2, perPage: 3))
            #expect(second.items.map(\.title) == ["Film 1"])
            #expect(try await store.videos.published(query: LibraryQuery(page: 100_000)).items.isEmpty)
            #expect(try await store.videos.all().total == 5)
            #expect(try await store.videos.owned(by: owner.id).total == 5)
            #expect(try await store.videos.owned(by: UserID(rawValue: 99)).total == 0)
            #expect(try await store.videos.published(slugs: videos.map(\.slug)).count == 4)
            #expect(try await store.videos.tags().map(\.count) == [4])
        }
    }

    /// D11
    @Test(arguments: [
        ("100%", "100% wool"), ("a_b", "a_b"), ("back\\slash", "back\\slash"), ("' OR 1=1--", "' OR 1=1--"),
        ("$1", "$1 only"), ("ÜBER", "über allem"), ("wool 100%", "100% wool"), ("film", "' OR 1=1--"),
    ]) func searchIsLiteral(search: String, found: String) async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let titles = [
                "100% wool", "1000 wools", "a_b", "axb", "back\\slash", "' OR 1=1--", "$1 only", "über allem",
            ]
            for title in titles { _ = try await Sample.publish(store, owner: owner, title: title) }
            let page = try await store.videos.published(query: LibraryQuery(search: search))
            #expect(page.items.map(\.title).contains(found))
            #expect(page.total == (search == "film" ? titles.count : 1))
        }
    }

    @Test func tagsSelect() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let video = try await Sample.publish(store, owner: owner)
            _ = try await Sample.publish(store, owner: owner)
            let changes = VideoChanges(title: try Title("New"), tags: try Tag.list(["Rare", "b"]))
            let changed = try await store.videos.update(video.id, changes, owner: owner.id)
            #expect(changed.title == "New" && changed.tags == ["rare", "b"] && changed.slug == video.slug)
            #expect(changed.description == video.description && changed.updatedAt > video.updatedAt)
            #expect(try await store.videos.published(query: LibraryQuery(tag: "RARE")).items.map(\.id) == [video.id])
        }
    }

    @Test func ownersChangeOnlyTheirOwn() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let other = try await Sample.user(store, "bob")
            let video = try await Sample.publish(store, owner: owner)
            await expect(.notFound) { try await store.videos.update(video.id, VideoChanges(), owner: other.id) }
            await expect(.notFound) {
                try await store.videos.takeDown(video.id, by: other.id, owner: other.id, reason: "")
            }
            await expect(.notFound) { try await store.videos.delete(video.id, by: other.id, owner: other.id) }
            await expect(.notFound) { try await store.videos.delete(VideoID(rawValue: .max), by: owner.id, owner: nil) }
            #expect(try await store.videos.video(id: video.id) == video)
        }
    }

    @Test func takingDownAndRestoringAreRecorded() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let torrent = try Sample.torrent(3)
            let video = try await Sample.publish(store, owner: owner, torrent: torrent)
            let down = try await store.videos.takeDown(video.id, by: owner.id, owner: nil, reason: "a claim")
            #expect(down.publishedVideos == 0 && down.videos == 1 && down.infoHash == torrent.infoHash)
            #expect(try await store.torrents.seedable(torrent.infoHash) == nil)
            #expect(try await store.videos.video(slug: video.slug)?.state == .takenDown)
            _ = try await store.videos.takeDown(video.id, by: owner.id, owner: nil, reason: "again")
            let up = try await store.videos.restore(video.id, by: owner.id, owner: nil)
            #expect(up.publishedVideos == 1)
            let record = try await store.audit.list(video: video.id)
            #expect(record.map(\.action) == ["video.restore", "video.takedown"])
            #expect(record.last?.reason == "a claim" && record.last?.byName == "ada")
            _ = try await store.videos.delete(video.id, by: owner.id, owner: nil)
            #expect(try await store.audit.list().items.first?.action == "video.delete")
        }
    }
}
