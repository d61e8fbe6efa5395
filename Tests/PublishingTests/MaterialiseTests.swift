import Catalog
import Foundation
import Store
import Testing

@testable import Publishing

@Suite struct MaterialiseTests {
    private func save(_ site: TestSite, _ video: Video, by user: User? = nil) async throws -> Clip {
        try await site.publisher.clips.save(
            video, ClipTimes(start: 7, end: 9), title: try Title("The best part"),
            description: try Description("Look!"),
            by: user ?? site.owner)
    }

    @Test func aClipIsSavedWithinItsFilm() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clips = site.publisher.clips
            #expect(try await save(site, video).times == ClipTimes(start: 7, end: 9))
            let late = try await clips.save(
                video, ClipTimes(start: 19, end: 20.9), title: try Title("End"), description: try Description(""),
                by: site.owner)
            #expect(late.times.end <= (video.media.duration ?? 0) + 0.001)
            for times in ClipRulesTests.wrongTimes + [ClipTimes(start: 1, end: 1.05)] {
                let error = await #expect(throws: PublishingError.self) {
                    _ = try await clips.save(
                        video, times, title: try Title("A"), description: try Description(""), by: site.owner)
                }
                #expect(error?.kind == .badRange)
            }
        }
    }

    @Test(arguments: ["film.mp4", "film.mkv"]) func aClipBecomesAFilm(name: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(name.hasSuffix("mkv") ? Films.longMKV : Films.long, name: name)
            let clip = try await save(site, video)
            #expect(try await site.publisher.clips.materialise(clip, by: site.owner).making == .making)
            try await site.runner.drain()
            let made = try await site.store.clips.clip(id: clip.id)?.making
            guard case .made(let slug, "The best part") = made else {
                Issue.record("\(String(describing: made))")
                return
            }
            let film = try #require(try await site.store.videos.video(slug: slug))
            #expect(film.description == "Look!\n\nFrom “A film”, 0:07 to 0:09.")
            #expect(film.tags == video.tags && film.ownerID == site.owner.id && film.media.id != video.media.id)
            #expect(film.media.fileName == "film 0.07-0.09.mp4" && film.media.mediaType == "video/mp4")
            #expect(abs((film.media.duration ?? 0) - 2) < 0.3)
            let torrent = try #require(film.torrent)
            #expect(site.swarm.seeded(torrent.infoHash) != nil)
            #expect(try await site.store.media.thumbnail(of: film.media.id) != nil)
            #expect(try await site.store.media.index(of: film.media.id) != nil)
            #expect(site.spoolFiles.isEmpty)

            _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            try await site.runner.drain()
            #expect(try await site.count(.videos) == 2)
            try await site.publisher.delete(video.id, by: site.owner)
            #expect(try await site.store.videos.video(id: film.id) != nil)
        }
    }

    /// The same job again, as after a crash between publishing and its end.
    @Test func doneTwiceItIsOneFilm() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clip = try await save(site, video)
            for _ in 0..<2 {
                _ = try await site.publisher.clips.materialise(clip, by: site.owner)
                try await site.runner.drain()
                try await site.database.execute("UPDATE clips SET made_video_id = NULL")
            }
            #expect(try await site.count(.videos) == 2)
            try await site.ageUploads()
            await site.runner.sweep()
            try await site.runner.drain()
            #expect(try await site.count(.media) == 2)
        }
    }

    @Test func whyItFailedIsToldAndItMayBeTriedAgain() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            try await site.runner.drain()
            let clip = try await save(site, video)
            _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            let broken = try site.reopened(worker: "/nonexistent/worker")
            for _ in 0..<3 {
                try await broken.runner.drain()
                try await site.makeJobsDue()
            }
            guard case .failed(let reason) = try await site.store.clips.clip(id: clip.id)?.making else {
                Issue.record("not failed")
                return
            }
            #expect(!reason.isEmpty && site.spoolFiles.isEmpty)
            _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            try await site.runner.drain()
            guard case .made = try await site.store.clips.clip(id: clip.id)?.making else {
                Issue.record("not made")
                return
            }
        }
    }

    @Test func whoMayNotDoesNot() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clip = try await save(site, video)
            let denied = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.materialise(clip, by: site.otherOwner)
            }
            #expect(denied?.kind == .notFound)
            try await site.publisher.takeDown(video.id, by: site.owner, reason: "")
            let gone = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            }
            #expect(gone?.kind == .notFound)
            #expect(try await site.store.clips.clip(id: clip.id)?.making == .not)
        }
    }

    /// The film goes while the job waits: the clip says so, or is gone with it; nothing is left.
    @Test(arguments: [true, false]) func theFilmGoesBefore(deleted: Bool) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clip = try await save(site, video)
            _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            if deleted {
                try await site.publisher.delete(video.id, by: site.owner)
                try await site.expectNothingLeft()
            } else {
                try await site.publisher.takeDown(video.id, by: site.owner, reason: "")
                try await site.runner.drain()
                guard case .failed = try await site.store.clips.clip(id: clip.id)?.making else {
                    Issue.record("not failed")
                    return
                }
                #expect(try await site.count(.videos) == 1)
            }
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    /// L10: the film goes while its clip is being cut.
    @Test func theFilmGoesMeanwhile() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            try await site.runner.drain()
            _ = try await site.publisher.clips.materialise(try await save(site, video), by: site.owner)
            let gated = try site.reopened(worker: worker.path)
            let clip = try #require(try await site.store.clips.list(ofVideo: video.id).first)
            #expect(gated.publisher.filmsInMaking.step(of: clip.id) == nil)
            let making = Task { try await gated.runner.drain() }
            try await GatedWorker.until { worker.running == 1 }
            #expect(gated.publisher.filmsInMaking.step(of: clip.id) == .cutting(nil))
            try await site.publisher.delete(video.id, by: site.owner)
            try await making.value
            try await GatedWorker.until { worker.running == 0 }
            #expect(gated.publisher.filmsInMaking.step(of: clip.id) == nil)
            try await site.expectNothingLeft()
            #expect(try await site.store.jobs.counts() == (pending: 0, failed: 0))
        }
    }

    /// Not "the server was stopped", and not in the words of the database.
    @Test func aFaultAtTheLastTryIsTold() async throws {
        try await TestSite.with { site in
            let clip = try await save(site, try await site.publish(Films.long))
            _ = try await site.publisher.clips.materialise(clip, by: site.owner)
            try await site.database.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'
                """)
            try await site.database.execute(
                """
                CREATE TRIGGER refuse BEFORE UPDATE OF made_video_id ON clips
                FOR EACH ROW EXECUTE FUNCTION refuse()
                """)
            for _ in 0..<3 {
                try await site.runner.drain()
                try await site.makeJobsDue()
            }
            await site.runner.sweep()
            #expect(
                try await site.store.clips.clip(id: clip.id)?.making
                    == .failed(reason: PublishingError(.internalFault).message))
        }
    }
}
