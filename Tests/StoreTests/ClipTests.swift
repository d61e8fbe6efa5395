import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct ClipTests {
    private func new(
        _ video: Video, _ owner: User, title: String = "The best part", start: Double = 1, end: Double = 2.5
    ) throws -> NewClip {
        try NewClip(
            videoID: video.id, ownerID: owner.id, title: Title(title), description: Description("Words"),
            times: ClipTimes(start: start, end: end))
    }

    @Test func aClipIsKeptWithItsFilm() async throws {
        try await TestDatabase.withStore { store, _ in
            let (owner, other) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let video = try await Sample.publish(store, owner: owner)
            let clip = try await store.clips.create(try new(video, other))
            #expect(clip.slug.rawValue == "the-best-part" && clip.title == "The best part")
            #expect(clip.videoID == video.id && clip.videoSlug == video.slug && clip.videoTitle == video.title)
            #expect(clip.ownerID == other.id && clip.ownerName == "bob")
            #expect(clip.times == ClipTimes(start: 1, end: 2.5) && clip.making == .not)
            #expect(try await store.clips.clip(slug: clip.slug) == clip)
            #expect(try await store.clips.clip(id: clip.id) == clip)
            _ = try await store.videos.takeDown(video.id, by: owner.id, owner: nil, reason: "")
            #expect(try await store.clips.clip(id: clip.id)?.videoState == .takenDown)
            _ = try await store.videos.restore(video.id, by: owner.id, owner: nil)
            #expect(try await store.clips.clip(id: clip.id)?.videoState == .published)
            _ = try await store.videos.delete(video.id, by: owner.id, owner: nil)
            #expect(try await store.clips.clip(id: clip.id) == nil)
            await expect(.notFound) { try await store.clips.create(try new(video, other)) }
        }
    }

    @Test func slugsDiffer() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let video = try await Sample.publish(store, owner: owner)
            var slugs: Set<Slug> = []
            for _ in 0..<12 { slugs.insert(try await store.clips.create(try new(video, owner)).slug) }
            #expect(slugs.count == 12)
            let together = try await withThrowingTaskGroup(of: Slug.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await store.clips.create(try new(video, owner, title: "Same")).slug }
                }
                return try await group.reduce(into: Set<Slug>()) { $0.insert($1) }
            }
            #expect(together.count == 6)
        }
    }

    @Test func listsAreInOrder() async throws {
        try await TestDatabase.withStore { store, _ in
            let (owner, other) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let video = try await Sample.publish(store, owner: owner)
            let second = try await Sample.publish(store, owner: owner)
            let late = try await store.clips.create(try new(video, owner, title: "Late", start: 5, end: 6))
            let early = try await store.clips.create(try new(video, other, title: "Early", start: 1, end: 6))
            let elsewhere = try await store.clips.create(try new(second, owner, title: "Elsewhere"))
            #expect(try await store.clips.list(ofVideo: video.id).map(\.id) == [early.id, late.id])
            #expect(
                try await store.clips.list(ofVideos: [second.id, video.id]).map(\.id)
                    == [early.id, late.id, elsewhere.id])
            #expect(try await store.clips.list(ofVideos: []).isEmpty)
            let owned = try await store.clips.list(ofOwner: owner.id, perPage: 1)
            #expect(owned.items.map(\.id) == [elsewhere.id] && owned.total == 2 && owned.hasNext)
        }
    }

    /// A film with very many clips takes no place from the others.
    @Test func aListOfFilmsIsFair() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            var films: [Video] = []
            for title in ["Old", "Full", "New"] {
                films.append(try await Sample.publish(store, owner: owner, title: title))
            }
            for film in films {
                for start in [3.0, 1] { _ = try await store.clips.create(try new(film, owner, start: start, end: 9)) }
            }
            try await database.execute(
                """
                INSERT INTO clips (slug, video_id, owner_id, title, description, starts_at, ends_at)
                SELECT 'x-' || n, \(films[1].id.rawValue), \(owner.id.rawValue), 'X', '', n, n + 1
                FROM generate_series(1, 600) AS n
                """)
            let list = try await store.clips.list(ofVideos: films.map(\.id))
            #expect(list.count == ClipRepository.longestList)
            #expect(list.count { $0.videoID == films[0].id } == 2 && list.count { $0.videoID == films[2].id } == 2)
            #expect(list.map(\.videoID) == list.map(\.videoID).sorted { $0.rawValue < $1.rawValue })
            #expect(list.first { $0.videoID == films[2].id }?.times.start == 1)
        }
    }

    @Test func ownersAndFilmOwnersReachIt() async throws {
        try await TestDatabase.withStore { store, _ in
            let (owner, other) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let third = try await Sample.user(store, "eve")
            let video = try await Sample.publish(store, owner: owner)
            let clip = try await store.clips.create(try new(video, other))
            let changes = ClipChanges(title: try Title("New"))
            await expect(.notFound) { try await store.clips.rename(clip.id, changes, owner: third.id) }
            await expect(.notFound) { try await store.clips.rename(clip.id, changes, owner: owner.id) }
            let renamed = try await store.clips.rename(clip.id, changes, owner: other.id)
            #expect(renamed.title == "New" && renamed.description == "Words" && renamed.slug == clip.slug)
            #expect(try await store.clips.rename(clip.id, ClipChanges(), owner: nil).title == "New")
            await expect(.notFound) { try await store.clips.delete(clip.id, by: third.id, owner: third.id) }
            try await store.clips.delete(clip.id, by: owner.id, owner: owner.id)
            let record = try await store.audit.list(video: video.id).first
            #expect(record?.action == "clip.delete" && record?.reason == "New" && record?.byName == "ada")
            await expect(.notFound) { try await store.clips.delete(clip.id, by: third.id, owner: nil) }
            let next = try await store.clips.create(try new(video, other))
            try await store.clips.delete(next.id, by: other.id, owner: other.id)
            #expect(try await store.clips.list(ofVideo: video.id).isEmpty)
        }
    }

    @Test func makingIsAskedForOnceAndToldInSteps() async throws {
        try await TestDatabase.withStore { store, database in
            let (owner, other) = (try await Sample.user(store), try await Sample.user(store, "bob"))
            let video = try await Sample.publish(store, owner: owner)
            let clip = try await store.clips.create(try new(video, owner))
            await expect(.notFound) { try await store.clips.beginMaking(clip.id, by: other.id, owner: other.id) }
            #expect(try await store.clips.maker(of: clip.id) == nil)
            #expect(try await store.clips.beginMaking(clip.id, by: owner.id, owner: owner.id).making == .making)
            _ = try await store.clips.beginMaking(clip.id, by: other.id, owner: nil)
            #expect(try await store.clips.maker(of: clip.id) == owner.id)
            #expect(try await store.jobs.counts().pending == 1)
            #expect(try await store.jobs.isUnderWay(.materialise, of: video.media.id))

            try await store.clips.failMaking(clip.id, reason: "no\0 room")
            #expect(try await store.clips.clip(id: clip.id)?.making == .failed(reason: "no room"))
            #expect(try await store.clips.beginMaking(clip.id, by: other.id, owner: nil).making == .making)
            let made = try await Sample.publish(store, owner: other, title: "Made")
            try await store.clips.setMade(clip.id, made.id)
            #expect(try await store.clips.clip(id: clip.id)?.making == .made(slug: made.slug, title: "Made"))
            #expect(try await store.clips.maker(of: clip.id) == nil)

            _ = try await store.videos.takeDown(made.id, by: owner.id, owner: nil, reason: "")
            #expect(try await store.clips.clip(id: clip.id)?.making == .hidden)
            #expect(try await store.clips.beginMaking(clip.id, by: owner.id, owner: nil).making == .hidden)
            _ = try await store.videos.restore(made.id, by: owner.id, owner: nil)
            #expect(try await store.clips.clip(id: clip.id)?.making == .made(slug: made.slug, title: "Made"))
            _ = try await store.videos.delete(made.id, by: owner.id, owner: nil)
            #expect(try await store.clips.clip(id: clip.id)?.making == .not)
        }
    }

    @Test func whatNoJobMakesHasFailed() async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            let video = try await Sample.publish(store, owner: owner)
            let clip = try await store.clips.create(try new(video, owner))
            _ = try await store.clips.beginMaking(clip.id, by: owner.id, owner: nil)
            try await database.execute("UPDATE clips SET making_since = now() - interval '1 minute'")
            #expect(try await store.clips.failOrphans() == 0)
            try await database.execute("UPDATE jobs SET failed = true")
            #expect(try await store.clips.failOrphans() == 1)
            guard case .failed = try await store.clips.clip(id: clip.id)?.making else {
                Issue.record("still in the making")
                return
            }
        }
    }

    @Test(arguments: [
        ("The site's disk is full.", "The site's disk is full."),
        ("no answer", "The server was stopped while it was made."),
    ]) func whyNoJobMakesItIsWhatTheJobHasLeft(left: String, told: String) async throws {
        try await TestDatabase.withStore { store, database in
            let owner = try await Sample.user(store)
            let clip = try await store.clips.create(try new(try await Sample.publish(store, owner: owner), owner))
            _ = try await store.clips.beginMaking(clip.id, by: owner.id, owner: nil)
            for _ in 0..<3 {
                let job = try #require(try await store.jobs.claim([.materialise]))
                try await store.jobs.fail(job, error: left, retryAfter: 0)
            }
            try await database.execute("UPDATE clips SET making_since = now() - interval '1 minute'")
            #expect(try await store.clips.failOrphans() == 1)
            #expect(try await store.clips.clip(id: clip.id)?.making == .failed(reason: told))
        }
    }

    @Test func storyboardsBelongToPublishedContents() async throws {
        try await TestDatabase.withStore { store, _ in
            let video = try await Sample.publish(store, owner: try await Sample.user(store))
            let sheet = StoryboardSheet(
                columns: 10, rows: 3, frames: 25, tileWidth: 160, tileHeight: 90, secondsEach: 0.5)
            #expect(try await store.media.storyboard(of: video.media.id) == nil)
            try await store.media.setStoryboard([1], sheet, of: video.media.id)
            try await store.media.setStoryboard([1, 2], sheet, of: video.media.id)
            #expect(try await store.media.storyboard(of: video.media.id) == sheet)
            #expect(try await store.media.storyboardPicture(of: video.media.id) == [1, 2])
            try await store.media.setStoryboard([1], sheet, of: MediaID(rawValue: 1 << 40))
            #expect(try await store.media.storyboardPicture(of: MediaID(rawValue: 1 << 40)) == nil)
        }
    }
}
