import Catalog
import ClipIndex
import Foundation
import Store
import Testing

@testable import Publishing

/// What cuts for anybody may take of the machine, so that there is something left for everybody else.
@Suite struct ClipLimitsTests {
    private func order(
        _ start: Double, _ end: Double, _ ending: String = "mp4", _ mode: ClipMode = .fast
    ) throws -> ClipOrder {
        ClipOrder(
            times: ClipTimes(start: start, end: end), format: try #require(ClipFormat(ending: ending)), mode: mode)
    }

    @Test func fastCutsWaitForNoExactOnes() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let clips = site.publisher.clips
            let exact = try (0..<3).map { try order(Double($0), 15, "mp4", .exact) }
            let cuts = exact.enumerated().map { number, order in
                Task { try await clips.cut(video, order, for: "client \(number)") }
            }
            defer { cuts.forEach { $0.cancel() } }
            try await GatedWorker.until { await clips.room.waiting == 3 && worker.running == 2 }
            let second = await #expect(throws: PublishingError.self) {
                _ = try await clips.cut(video, try order(4, 15, "mp4", .exact), for: "client 0")
            }
            #expect(second?.kind == .tooManyCuts)
            let fast = try order(1, 3)
            let cut = Task { try await clips.cut(video, fast, for: "client 0") }
            defer { cut.cancel() }
            try await GatedWorker.until { worker.running == 3 }
            // What comes from this machine is nobody's.
            let own = try (5..<8).map { try order(Double($0), 15) }
            let more = own.map { order in Task { try await clips.cut(video, order, for: nil) } }
            defer { more.forEach { $0.cancel() } }
            try await GatedWorker.until { await clips.room.waiting == 7 }
        }
    }

    /// A clip that is still being sent counts, though it is kept no longer.
    @Test func finishedClipsTakeSoMuchOfTheDisk() async throws {
        var limits = ClipLimits.forTests
        limits.keptBytes = 300_000
        try await TestSite.with(limits: limits) { site in
            let video = try await site.publish(Films.long)
            try await site.runner.drain()
            let clips = site.publisher.clips
            let size = try await clips.filmCut(video.media, try order(1, 7)).estimate.likely
            #expect((150_001..<300_000).contains(size), "made for clips of which one fits: \(size)")
            var sent: CutClip? = try await clips.cut(video, try order(1, 7), for: "a")
            guard case .file(let file) = sent else { throw PublishingError(.internalFault) }
            #expect(try await clips.kept(video, try order(1, 7)) === file)
            let error = await #expect(throws: PublishingError.self) {
                _ = try await clips.cut(video, try order(9, 15), for: "b")
            }
            #expect(error?.kind == .busy && error?.retryAfter != nil)
            sent = nil
            _ = consume file
            _ = try await clips.cut(video, try order(9, 15), for: "b")
            let huge = await #expect(throws: PublishingError.self) {
                _ = try await clips.cut(video, try order(0, 20, "avi"), for: "b")
            }
            #expect(huge?.kind == .clipTooLong && huge?.status == 400)
        }
    }

    @Test func oneVagueCutLeavesRoomForOthers() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let folders = await site.cache.folders
            var limits = ClipLimits()
            limits.diskReserve = (folders.freeBytes() ?? 0) - 1 << 30
            let disk = CutDisk(KeptClips(limits), in: folders, limits)
            let media = video.media.lasting(7200)
            let exact = try await site.publisher.clips.filmCut(media, try order(0, 600, "mp4", .exact))
            #expect(exact.estimate.most > 1 << 30)
            let granted = try disk.reserve(exact)
            #expect(granted > 64 << 20 && granted < 640 << 20)
            let fast = try disk.reserve(try await site.publisher.clips.filmCut(video.media, try order(1, 3)))
            #expect(fast > 0)
            disk.release(granted)
            disk.release(fast)
            #expect(disk.isIdle)
        }
    }

    /// Between the packets of a sound may lie any number of pictures: these do not count.
    @Test func aSoundIsAsLargeAsItSounds() async throws {
        try await TestSite.with { site in
            let film = try await site.publish(Films.long).media
            let large = MediaSummary(
                id: MediaID(rawValue: film.id.rawValue + 1), size: 4 << 30, mediaType: film.mediaType,
                fileName: film.fileName, duration: 7200,
                width: film.width, height: film.height, container: film.container, facts: film.facts, etag: film.etag)
            let clips = site.publisher.clips
            let sound = try await clips.filmCut(large, try order(0, 7200, "m4a"))
            #expect(sound.way == .whole && sound.estimate.likely < 400 << 20)
            #expect(try await clips.filmCut(large, try order(0, 7200, "mp4")).way == .passing)
            // Without an index nothing is known of how thick the film is there: it may take all of it.
            #expect(try await clips.filmCut(large, try order(0, 60, "mp4")).estimate.most > 4 << 30)
        }
    }

    @Test func whoTakesTooLittleIsLeft() throws {
        let pace = Pace(least: 1000)
        let begun = ContinuousClock.now
        try pace.took(10, at: begun + .seconds(59))
        try pace.took(100_000, at: begun + .seconds(160))
        #expect(throws: PublishingError.self) { try pace.took(1, at: begun + .seconds(200)) }
    }
}
