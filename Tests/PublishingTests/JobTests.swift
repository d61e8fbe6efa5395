import Catalog
import Foundation
import Publishing
import Store
import Testing

/// Background work ends, whatever happens to it.
@Suite struct JobTests {
    /// HAZARDS K05: a worker that cannot work fails the job at most three times; the film stays published.
    @Test func aJobThatKeepsFailingIsLeftAside() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mkv, name: "x.mkv")
            let broken = try site.reopened(worker: "/nonexistent/worker")
            for _ in 0..<4 {
                try await broken.runner.drain()
                try await site.makeJobsDue()
            }
            let counts = try await site.store.jobs.counts()
            #expect(counts.pending == 0)
            #expect(counts.failed == 3)
            #expect(try await site.store.videos.video(id: video.id)?.state == .published)
        }
    }

    @Test func jobsOfDeletedContentEndQuietly() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.mkv, name: "x.mkv")
            try await site.publisher.delete(video.id, by: site.owner)
            try await site.expectNothingLeft()
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    /// HAZARDS N02: two runners on one database do each job once.
    @Test func twoRunnersShareTheWork() async throws {
        try await TestSite.with { site in
            for seed in 0..<4 { _ = try await site.publish(Films.padded(to: 200_000, seed: UInt64(60 + seed))) }
            let other = try site.reopened(emptyCache: true)
            async let one: Void = site.runner.drain()
            async let two: Void = other.runner.drain()
            _ = try await (one, two)
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    @Test func theRunnerWorksUntilItIsStopped() async throws {
        try await TestSite.with { site in
            let running = Task { try await site.runner.run() }
            let video = try await site.publish(Films.mp4)
            while try await site.store.media.thumbnail(of: video.media.id) == nil {
                try await Task.sleep(for: .milliseconds(20))
            }
            running.cancel()
            _ = try? await running.value
        }
    }

    /// As after a migration that dropped all indexes: from the tables, or from all packets.
    @Test func indexesAreMadeAnew() async throws {
        try await TestSite.with { site in
            let videos = [try await site.publish(Films.long), try await site.publish(Films.longMKV, name: "a.mkv")]
            try await site.runner.drain()
            let before = try await videos.asyncMap { try await site.store.media.index(of: $0.media.id) }
            try await site.database.execute("DELETE FROM media_index")
            for video in videos { try await site.store.jobs.enqueue(NewJob(kind: .clipIndex, mediaID: video.media.id)) }
            try await site.runner.drain()
            let after = try await videos.asyncMap { try await site.store.media.index(of: $0.media.id) }
            #expect(after == before && !after.contains(nil))
        }
    }

    @Test func filmsGetStoryboardsAndSoundsDoNot() async throws {
        try await TestSite.with { site in
            let film = try await site.publish(Films.long)
            let sound = try await site.publish(Films.ogg, name: "a.ogg")
            try await site.runner.drain()
            let sheet = try #require(try await site.store.media.storyboard(of: film.media.id))
            #expect(sheet.frames > 3 && sheet.columns * sheet.rows >= sheet.frames)
            #expect(abs(sheet.secondsEach * Double(sheet.frames) - 20) < 1)
            let jpeg = try #require(try await site.store.media.storyboardPicture(of: film.media.id))
            #expect(jpeg.starts(with: [0xFF, 0xD8, 0xFF]) && jpeg.count <= 512_000)
            #expect(try await site.store.media.storyboard(of: sound.media.id) == nil)
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    /// The answer to an upload waits for its own probe and for no job, however long those take.
    @Test(.timeLimit(.minutes(5))) func noUploadWaitsForJobs() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with { site in
            _ = try await site.publish(Films.longMKV, name: "x.mkv")
            let gated = try site.reopened(worker: worker.path)
            let running = Task { try await gated.runner.run() }
            try await GatedWorker.until { worker.running == 2 }
            async let video = gated.publish(Films.mp4)
            try await GatedWorker.until { worker.started == 3 }
            let hold = worker.hold()
            defer { close(hold) }
            worker.open(50)
            #expect(try await video.state == .published)
            running.cancel()
            _ = try? await running.value
        }
    }
}
