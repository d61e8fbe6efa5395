import Catalog
import Foundation
import Media
import Store
import Testing

@testable import Publishing

@Suite struct ClipCutTests {
    private func order(
        _ start: Double = 7, _ end: Double = 9, _ ending: String = "mp4", _ mode: ClipMode = .fast
    ) throws -> ClipOrder {
        ClipOrder(
            times: ClipTimes(start: start, end: end), format: try #require(ClipFormat(ending: ending)), mode: mode)
    }

    private func file(_ clip: CutClip) throws -> CutFile {
        guard case .file(let file) = clip else { throw PublishingError(.internalFault) }
        return file
    }

    private func probe(_ file: CutFile) async throws -> MediaFacts {
        try await MediaWorkerClient(executable: TestSite.workerPath).probe(file: "/proc/self/fd/\(file.descriptor)")
    }

    /// L09
    @Test func clipsAreFilms() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let wanted: [(String, ClipMode, String)] = [
                ("mp4", .fast, "mp4"), ("mkv", .fast, "matroska"), ("mov", .fast, "mov"), ("m4a", .audio, "mp4"),
                ("m4a", .fast, "mp4"), ("mka", .audio, "matroska"),
            ]
            for (ending, mode, container) in wanted {
                let clip = try file(
                    try await site.publisher.clips.cut(video, try order(7, 9, ending, mode), for: "a"))
                let facts = try await probe(clip)
                #expect(facts.container == container && facts.isAudio == (ending == "m4a" || ending == "mka"))
                #expect(abs((facts.duration ?? 0) - (clip.beginsAsAsked ? 2 : 9 - clip.actualStart)) < 0.3)
                #expect(clip.beginsAsAsked == (container == "mp4" || container == "mov"))
                #expect(clip.actualStart <= 7 && clip.actualStart > 4.9)
                #expect(clip.size < Int64(Films.long.count / 2))
            }
            #expect(site.spoolFiles.isEmpty)
        }
    }

    /// What is seldom asked for is made all the same.
    @Test(arguments: [
        ("ts", ClipMode.exact, "mpegts", false), ("flv", .exact, "flv", false), ("mp3", .exact, "mp3", true),
        ("opus", .exact, "ogg", true), ("aac", .exact, "aac", true), ("wmv", .fast, "asf", false),
        ("avi", .fast, "avi", false),
    ]) func rareFormats(ending: String, mode: ClipMode, container: String, isSound: Bool) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let wanted = try order(7, 9, ending, mode)
            var clip = try await site.publisher.clips.cut(video, wanted, for: "a")
            if case .stream(let stream) = clip {
                try await stream.send { _ in }
                clip = try await site.publisher.clips.cut(video, wanted, for: "a")
            }
            let facts = try await probe(try file(clip))
            #expect(facts.container == container && facts.isAudio == isSound)
        }
    }

    /// Of a film that is not in the cache only what the clip needs is read, and the clip is the same.
    @Test(arguments: ["a.mp4", "a.mkv"]) func aColdFilmIsReadInParts(name: String) async throws {
        try await TestSite.with { site in
            let video = try await site.publish(name == "a.mp4" ? Films.long : Films.longMKV, name: name)
            try await site.runner.drain()
            let warm = try file(try await site.publisher.clips.cut(video, try order(7, 9, "mp4"), for: "a"))
            let other = try site.reopened(emptyCache: true)
            let cold = try file(try await other.publisher.clips.cut(video, try order(7, 9, "mp4"), for: "a"))
            #expect(await other.cache.openIfPresent(ContentReference(video.media)) == nil)
            #expect(cold.actualStart == warm.actualStart && cold.etag != warm.etag)
            let (partial, full) = (try await probe(cold), try await probe(warm))
            #expect(partial.duration == full.duration && partial.streams.map(\.codec) == full.streams.map(\.codec))
        }
    }

    @Test func whatDoesNotFitNamesWhatDoes() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            for (ending, mode) in [("webm", ClipMode.fast), ("mp3", .audio), ("mp4", .audio), ("wav", .fast)] {
                let error = await #expect(throws: PublishingError.self) {
                    _ = try await site.publisher.clips.cut(video, try order(7, 9, ending, mode), for: "a")
                }
                #expect(error?.kind == .cannotClip && error?.status == 415)
                #expect(error?.message.contains(ending == "webm" ? "mp4" : "m4a") == true)
                #expect(error?.message.contains("Cut exactly") == (ending != "mp4"))
            }
            let long = await #expect(throws: PublishingError.self) {
                let order = try order(0, 601, "mp4", .exact)
                _ = try await site.publisher.clips.filmCut(video.media.lasting(7200), order)
            }
            #expect(long?.kind == .clipTooLong && long?.message.contains("10:00") == true)
        }
    }

    /// Two who ask for the same at one time cause one cut, and whoever comes later takes what is kept.
    @Test func equalClipsAreCutOnce() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let wanted = try order()
            #expect(try await site.publisher.clips.kept(video, wanted) == nil)
            let clips = try await withThrowingTaskGroup(of: CutClip.self) { group in
                for number in 0..<5 {
                    group.addTask { try await site.publisher.clips.cut(video, wanted, for: "client \(number)") }
                }
                try await GatedWorker.until { worker.running == 1 }
                worker.open(1)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let files = try clips.map(file)
            #expect(Set(files.map(ObjectIdentifier.init)).count == 1)
            #expect(worker.started == 1)
            #expect(try await site.publisher.clips.kept(video, wanted) === files.first)
            #expect(try file(try await site.publisher.clips.cut(video, wanted, for: "late")) === files.first)
            #expect(worker.started == 1)
        }
    }

    /// L12: at most so many workers, whoever asks; one address gets two, the line has an end.
    @Test func cutsAreFewAtOnce() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let hold = worker.hold()
            defer { close(hold) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<18 {
                    group.addTask {
                        _ = try await site.publisher.clips.cut(
                            video, try order(Double(number) / 2, 15), for: "client \(number / 2)")
                    }
                }
                try await GatedWorker.until { await site.publisher.clips.room.waiting == 18 }
                try await GatedWorker.until { worker.running == 2 }
                let third = await #expect(throws: PublishingError.self) {
                    _ = try await site.publisher.clips.cut(video, try order(1, 2), for: "client 0")
                }
                #expect(third?.kind == .tooManyCuts && third?.status == 429 && third?.retryAfter != nil)
                let late = await #expect(throws: PublishingError.self) {
                    _ = try await site.publisher.clips.cut(video, try order(1, 2), for: "late")
                }
                #expect(late?.kind == .busy && late?.status == 503 && late?.retryAfter != nil)
                for done in 1...18 {
                    #expect(worker.running <= 2)
                    worker.open(1)
                    try await GatedWorker.until { await site.publisher.clips.room.waiting <= 18 - done }
                }
                try await group.waitForAll()
            }
            #expect(worker.started == 18)
        }
    }

    /// L10: whoever leaves takes their cut along, unless another waits for the same.
    @Test func aClientWhoLeavesEndsTheCut() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let wanted = try order()
            let askers = (0..<2).map { number in
                Task { try await site.publisher.clips.cut(video, wanted, for: "client \(number)") }
            }
            try await GatedWorker.until { await site.publisher.clips.room.waiting == 2 && worker.running == 1 }
            askers[0].cancel()
            await #expect(throws: CancellationError.self) { try await askers[0].value }
            #expect(worker.running == 1)
            askers[1].cancel()
            await #expect(throws: CancellationError.self) { try await askers[1].value }
            try await GatedWorker.until { worker.running == 0 }
            #expect(site.spoolFiles.isEmpty)
            #expect(try await site.publisher.clips.kept(video, wanted) == nil)
        }
    }

    /// L10: by this node at once, by another one as soon as it is seen.
    @Test(arguments: [true, false], [true, false])
    func aFilmThatGoesEndsItsCuts(deleted: Bool, byAnotherNode: Bool) async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let other = byAnotherNode ? try site.reopened(emptyCache: true) : site
            let wanted = try order()
            let cutting = Task { try await site.publisher.clips.cut(video, wanted, for: "a") }
            try await GatedWorker.until { worker.running == 1 }
            if deleted {
                try await other.publisher.delete(video.id, by: site.owner)
            } else {
                try await other.publisher.takeDown(video.id, by: site.owner, reason: "")
            }
            let error = await #expect(throws: PublishingError.self) { try await cutting.value }
            #expect(error?.kind == .notFound)
            try await GatedWorker.until { worker.running == 0 }
            #expect(site.spoolFiles.isEmpty)
            let again = try await site.store.videos.video(id: video.id)
            #expect(again?.state == (deleted ? nil : .takenDown))
            if let again {
                await #expect(throws: PublishingError.self) {
                    _ = try await site.publisher.clips.cut(again, wanted, for: "a")
                }
                await #expect(throws: PublishingError.self) { try await site.publisher.clips.kept(again, wanted) }
            }
        }
    }

    /// The same content is shown by another video: its visitors go on.
    @Test func anotherVideoOfTheContentGoesOn() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let first = try await site.publish(Films.long)
            let second = try await site.publish(Films.long, owner: site.otherOwner)
            #expect(first.media.id == second.media.id)
            let wanted = try order()
            let one = Task { try await site.publisher.clips.cut(first, wanted, for: "a") }
            let two = Task { try await site.publisher.clips.cut(second, wanted, for: "b") }
            try await GatedWorker.until { await site.publisher.clips.room.waiting == 2 && worker.running == 1 }
            try await site.publisher.takeDown(first.id, by: site.owner, reason: "")
            await #expect(throws: PublishingError.self) { try await one.value }
            #expect(worker.running == 1)
            worker.open(1)
            #expect(try file(try await two.value).size > 0)
        }
    }

    @Test func aStopEndsEverything() async throws {
        let worker = try GatedWorker()
        defer { worker.remove() }
        try await TestSite.with(cutter: worker.path) { site in
            let video = try await site.publish(Films.long)
            let service = Task { try await site.publisher.clips.run() }
            let cutting = Task { try await site.publisher.clips.cut(video, try order(), for: "a") }
            try await GatedWorker.until { worker.running == 1 }
            service.cancel()
            let error = await #expect(throws: PublishingError.self) { try await cutting.value }
            #expect(error?.kind == .unavailable)
            try await GatedWorker.until { worker.running == 0 }
            await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.cut(video, try order(), for: "a")
            }
        }
    }

    /// Whatever many do at one time: nothing is left in the room, and no bytes of the disk stay promised.
    @Test func theRoomIsEmptyAfterACrowd() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            var random = SeededNumbers(seed: 51)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<80 {
                    let start = Double(random.next() % 8)
                    let (patience, leaves) = (Int(random.next() % 300), random.next() % 2 == 0)
                    group.addTask {
                        let task = Task {
                            _ = try await site.publisher.clips.cut(
                                video, try order(start, start + 3), for: "\(number % 50)")
                        }
                        try? await Task.sleep(for: .milliseconds(patience))
                        if leaves { task.cancel() }
                        _ = await task.result
                    }
                }
            }
            try await GatedWorker.until { await site.publisher.clips.room.isIdle }
            #expect(site.spoolFiles.isEmpty)
            _ = try file(try await site.publisher.clips.cut(video, try order(), for: "a"))
        }
    }

    @Test func aDeletedFilmsClipsAreDropped() async throws {
        try await TestSite.with { site in
            let video = try await site.publish(Films.long)
            let clip = try file(try await site.publisher.clips.cut(video, try order(), for: "a"))
            #expect(try await site.publisher.clips.kept(video, try order()) === clip)
            try await site.publisher.delete(video.id, by: site.owner)
            #expect(try await site.publisher.clips.kept(video, try order()) == nil)
            try await site.expectNothingLeft()
        }
    }

    @Test func aWorkerThatFailsIsToldInWords() async throws {
        try await TestSite.with(cutter: "/nonexistent/worker") { site in
            let video = try await site.publish(Films.long)
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.cut(video, try order(), for: "a")
            }
            #expect(error?.kind == .unavailable && error?.retryAfter != nil)
            #expect(site.spoolFiles.isEmpty)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible)) func aCutNeverFillsTheDisk() async throws {
        let disk = try SmallDisk(mebibytes: 6)
        defer { disk.remove() }
        try await TestSite.with(cacheFolder: disk.path) { site in
            let video = try await site.publish(Films.long)
            _ = try await site.publisher.clips.cut(video, try order(), for: "a")
            try disk.fill()
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.publisher.clips.cut(video, try order(1, 15), for: "a")
            }
            #expect(error?.kind == .storageFull && error?.status == 507)
            disk.empty()
            _ = try await site.publisher.clips.cut(video, try order(1, 15), for: "a")
        }
    }
}

/// Numbers that are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

extension MediaSummary {
    /// The same, as if it lasted so many seconds.
    func lasting(_ seconds: Double) -> MediaSummary {
        MediaSummary(
            id: id, size: size, mediaType: mediaType, fileName: fileName, duration: seconds, width: width,
            height: height, container: container, facts: facts, etag: etag)
    }
}
