import Catalog
import Foundation
import Media
import Store
import Synchronization
import Testing

@testable import Publishing

/// Clips that are sent while they are made.
@Suite struct ClipStreamTests {
    private func order(
        _ start: Double = 7, _ end: Double = 9, _ ending: String = "mp4", _ mode: ClipMode = .exact
    ) throws -> ClipOrder {
        ClipOrder(
            times: ClipTimes(start: start, end: end), format: try #require(ClipFormat(ending: ending)), mode: mode)
    }

    private func stream(_ clip: CutClip) throws -> CutStream {
        guard case .stream(let stream) = clip else { throw PublishingError(.internalFault) }
        return stream
    }

    private func bytes(of stream: CutStream) async throws -> [UInt8] {
        let bytes = Mutex<[UInt8]>([])
        try await stream.send { part in bytes.withLock { $0 += part } }
        return bytes.withLock { $0 }
    }

    private func probe(_ bytes: [UInt8]) async throws -> MediaFacts {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { unlink(path) }
        try Data(bytes).write(to: URL(filePath: path))
        return try await MediaWorkerClient(executable: TestSite.workerPath).probe(file: path)
    }

    private var small: ClipLimits {
        var limits = ClipLimits.forTests
        limits.largestFile = 1000
        return limits
    }

    @Test(arguments: ["mp4", "mkv"]) func anExactClipIsSentAndKept(ending: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clip = try stream(
                try await site.publisher.clips.cut(video, try order(6.5, 8.5, ending), for: "a"))
            #expect(clip.beginsAsAsked)
            let sent = try await bytes(of: clip)
            let facts = try await probe(sent)
            #expect(facts.container == (ending == "mp4" ? "mp4" : "matroska") && facts.isVideo)
            #expect(abs((facts.duration ?? 0) - 2) < 0.2)
            try await GatedWorker.until { await site.publisher.clips.room.waiting == 0 }
            let kept = try #require(try await site.publisher.clips.kept(video, try order(6.5, 8.5, ending)))
            #expect(try kept.read(at: 0, count: Int(kept.size)) == sent)
        }
    }

    @Test(arguments: ["m4a", "mp3", "opus", "flac", "wav"]) func soundIsCutExactly(ending: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.ogg, name: "a.ogg")
            let clip = try stream(
                try await site.publisher.clips.cut(video, try order(0.5, 1.5, ending), for: "a"))
            let facts = try await probe(try await bytes(of: clip))
            #expect(facts.isAudio)
        }
    }

    @Test func twoAreSentOneCut() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let wanted = try order()
            let sent = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for number in 0..<3 {
                    group.addTask {
                        try await bytes(
                            of: try stream(
                                try await site.publisher.clips.cut(video, wanted, for: "client \(number)")))
                    }
                }
                try await GatedWorker.until { await site.publisher.clips.room.waiting == 3 && worker.running == 1 }
                worker.open(1)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(sent).count == 1 && sent.first?.isEmpty == false)
            #expect(worker.started == 1)
        }
    }

    @Test func aLargeClipIsSentAndNotKept() async throws {
        try await TestSite.with(limits: small) { site in
            let video = try await site.publish(Films.long)
            let wanted = try order(7, 15, "mp4", .fast)
            let clip = try stream(try await site.publisher.clips.cut(video, wanted, for: "a"))
            #expect(!clip.beginsAsAsked && abs(clip.actualStart - 6) < 0.2)
            let facts = try await probe(try await bytes(of: clip))
            #expect(facts.container == "mp4" && abs((facts.duration ?? 0) - 9) < 0.3)
            #expect(try await site.publisher.clips.kept(video, wanted) == nil)
            #expect(site.spoolFiles.isEmpty)
        }
    }

    /// L10: a reader who goes, in the middle or before the first byte, takes the worker along.
    @Test(arguments: [ClipMode.fast, .exact], [true, false])
    func aReaderWhoGoesEndsTheCut(mode: ClipMode, unsent: Bool) async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path, limits: small) { site in
            let video = try await site.publish(Films.long)
            let hold = worker.hold()
            defer { close(hold) }
            worker.open(1)
            do {
                let clip = try stream(
                    try await site.publisher.clips.cut(video, try order(0, 20, "mp4", mode), for: "a"))
                if !unsent {
                    await #expect(throws: PublishingError.self) {
                        try await clip.send { _ in throw PublishingError(.conflict) }
                    }
                }
            }
            try await GatedWorker.until { worker.running == 0 }
            try await GatedWorker.until { await site.publisher.clips.room.waiting == 0 }
            #expect(site.spoolFiles.isEmpty)
        }
    }

    /// L10
    @Test(arguments: [ClipMode.fast, .exact]) func aFilmThatGoesEndsTheSending(mode: ClipMode) async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path, limits: small) { site in
            let video = try await site.publish(Films.long)
            let hold = worker.hold()
            defer { close(hold) }
            worker.open(1)
            let clip = try stream(
                try await site.publisher.clips.cut(video, try order(0, 20, "mp4", mode), for: "a"))
            let sending = Task {
                try await clip.send { _ in try await Task.sleep(for: .seconds(3600)) }
            }
            try await site.publisher.delete(video.id, by: site.owner)
            await #expect(throws: (any Error).self) { try await sending.value }
            try await GatedWorker.until { worker.running == 0 }
            try await site.expectNothingLeft()
        }
    }

    /// L10: taken down by another node, while another film has the same content, and whoever is sent the clip takes
    /// nothing and does not notice that it is cancelled.
    @Test(.timeLimit(.minutes(5)), arguments: [ClipMode.fast, .exact])
    func aFilmThatGoesEndsASendingThatStandsStill(mode: ClipMode) async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path, limits: small) { site in
            let video = try await site.publish(Films.long, owner: site.owner)
            let twin = try await site.publish(Films.long, owner: site.otherOwner)
            #expect(twin.media.id == video.media.id)
            let hold = worker.hold()
            defer { close(hold) }
            worker.open(1)
            let clip = try stream(
                try await site.publisher.clips.cut(video, try order(0, 20, "mp4", mode), for: "a"))
            let stuck = Mutex<CheckedContinuation<Void, Never>?>(nil)
            let sending = Task {
                try await clip.send { _ in
                    await withCheckedContinuation { place in stuck.withLock { $0 = place } }
                }
            }
            try await GatedWorker.until { stuck.withLock { $0 != nil } }
            _ = try await site.store.videos.takeDown(video.id, by: site.admin.id, owner: nil, reason: "")
            try await GatedWorker.until { await site.publisher.clips.room.waiting == 0 && worker.running == 0 }
            stuck.withLock { $0?.resume() }
            let error = await #expect(throws: PublishingError.self) { try await sending.value }
            #expect(error == FilmWatch.gone)
        }
    }
}
