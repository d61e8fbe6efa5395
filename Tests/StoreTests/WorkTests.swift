import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct WorkTests {
    @Test func jobsAreClaimedOnceAndFenced() async throws {
        try await TestDatabase.withStore { store, database in
            try await store.jobs.enqueue(NewJob(kind: .thumbnail, mediaID: MediaID(rawValue: 7), payload: "x"))
            try await store.jobs.enqueue(NewJob(kind: .thumbnail, mediaID: MediaID(rawValue: 7), payload: "x"))
            #expect(try await store.jobs.claim([.clipIndex]) == nil)
            let first = try #require(try await store.jobs.claim([.clipIndex, .thumbnail]))
            #expect(first.attempt == 1 && first.mediaID == MediaID(rawValue: 7) && first.payload == "x")
            #expect(try await store.jobs.claim([.thumbnail]) == nil)
            try await database.execute("UPDATE jobs SET leased_until = now() - interval '1 second'")
            let second = try #require(try await store.jobs.claim([.thumbnail]))
            #expect(second.fence > first.fence && second.attempt == 2)
            #expect(try await !store.jobs.finish(first))
            #expect(try await !store.jobs.extend(first))
            #expect(try await store.jobs.extend(second))
            #expect(try await store.jobs.finish(second))
            #expect(try await store.jobs.counts() == (0, 0))
        }
    }

    @Test func aJobIsTriedThreeTimes() async throws {
        try await TestDatabase.withStore { store, database in
            try await store.jobs.enqueue(NewJob(kind: .clipIndex))
            for attempt in 1...3 {
                let job = try #require(try await store.jobs.claim([.clipIndex]))
                #expect(job.attempt == attempt)
                try await store.jobs.fail(job, error: "no\u{0} luck", retryAfter: 0)
            }
            #expect(try await store.jobs.claim([.clipIndex]) == nil)
            #expect(try await store.jobs.counts() == (0, 1))
            try await store.jobs.enqueue(NewJob(kind: .deleteChunks))
            for _ in 0..<3 {
                #expect(try await store.jobs.claim([.deleteChunks]) != nil)
                try await database.execute("UPDATE jobs SET leased_until = now() - interval '1 second'")
            }
            #expect(try await store.jobs.claim([.deleteChunks]) == nil)
        }
    }

    @Test func aDelayedJobWaits() async throws {
        try await TestDatabase.withStore { store, _ in
            try await store.jobs.enqueue(NewJob(kind: .clipIndex, delay: 3600))
            #expect(try await store.jobs.claim([.clipIndex]) == nil)
        }
    }

    @Test func severalNodesShareTheJobs() async throws {
        try await TestDatabase.withStore { store, _ in
            for number in 1...20 { try await store.jobs.enqueue(NewJob(kind: .thumbnail, payload: "\(number)")) }
            let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var payloads: [String] = []
                        while let job = try await store.jobs.claim([.thumbnail]) { payloads.append(job.payload) }
                        return payloads
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 20 && Set(claimed).count == 20)
        }
    }

    @Test func settingsAreKeptAndAnnounced() async throws {
        try await TestDatabase.withStore { store, _ in
            #expect(try await store.settings.load() == SiteSettings())
            let user = try await Sample.user(store)
            var changes = store.settings.changes().makeAsyncIterator()
            let writer = Task {
                // LISTEN takes effect some time after the call.
                while !Task.isCancelled {
                    _ = try await store.settings.save(SettingsChanges(siteName: "My site"), by: user.id)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            await changes.next()
            writer.cancel()
            let tiers = try TrackerTiers(text: "udp://a:1\nudp://b:2\n\nhttp://c/announce")
            let saved = try await store.settings.save(
                SettingsChanges(
                    bittorrentEnabled: false, trackerTiers: tiers, torrentFormat: .hybrid, uploadLimit: 1 << 30),
                by: user.id)
            #expect(saved.siteName == "My site" && !saved.bittorrentEnabled && saved.uploadLimit == 1 << 30)
            #expect(saved.torrentFormat == .hybrid)
            #expect(saved.trackerTiers == [["udp://a:1", "udp://b:2"], ["http://c/announce"]])
            #expect(try await store.settings.load() == saved)
            #expect(try await store.audit.list().items.first?.action == "settings.change")
        }
    }

    @Test func theRecordNamesFilmsThatAreStillThere() async throws {
        try await TestDatabase.withStore { store, _ in
            let owner = try await Sample.user(store)
            let video = try await Sample.publish(store, owner: owner, title: "Ein Film")
            try await store.audit.record(action: "video.look", by: owner.id, video: video.id)
            try await store.audit.record(action: "site.look", by: nil)
            let rows = try await store.audit.list().items
            #expect(rows.first?.videoTitle == nil && rows.first?.videoSlug == nil)
            #expect(rows.dropFirst().first?.videoTitle == "Ein Film")
            #expect(try await store.audit.list(video: video.id).first?.videoSlug == video.slug)
            _ = try await store.videos.delete(video.id, by: owner.id, owner: nil)
            #expect(try await store.audit.list(video: video.id).allSatisfy { $0.videoTitle == nil })
        }
    }

    @Test func anUnreachableDatabaseIsUnavailable() async throws {
        let database = Database(
            DatabaseConfiguration(socketDirectory: "/nowhere", user: "a", database: "b"), logger: TestDatabase.logger)
        let store = Store(database: database)
        await expect(.unavailable) { try await store.ping() }
        await expect(.unavailable) { try await store.settings.load() }
    }

    @Test func textWithNULIsRefused() async throws {
        try await TestDatabase.withStore { store, _ in
            await expect(.invalidValue) { try await store.audit.record(action: "a\u{0}", by: nil) }
            try await store.ping()
        }
    }
}
