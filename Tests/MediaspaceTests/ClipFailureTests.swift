import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// Clips that cannot be: what is said, and what stays.
@Suite(.enabled(if: MadeFilm.hasTools, "ffmpeg or reelswarm-media-worker is missing"), .timeLimit(.minutes(2)))
struct ClipFailureTests {
    private func failure(
        _ space: Space, _ torrent: Torrent, _ clip: ClipRequest, to output: String, _ options: GetOptions
    ) async -> SpaceError? {
        await #expect(throws: SpaceError.self) {
            try await space.get(torrent, clip: clip, to: output, options)
        }
    }

    @Test(arguments: [true, false]) func aTimeBehindTheEndSaysHowLongTheFilmIs(_ isIndexed: Bool) async throws {
        let swarm = try await SwarmUnderTest(isIndexed: isIndexed) { try MadeFilm.make("\($0)/film.mp4", seconds: 6) }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let error = await failure(
            viewer, swarm.torrent, ClipRequest(start: 60, end: 70), to: "\(to.path)/clip.mp4",
            try await swarm.options())
        #expect(error?.code == .notCuttable)
        #expect(error?.message.contains("0:0") == true, "\(error?.message ?? "")")
        #expect(!to.exists("clip.mp4"))
        await swarm.close(viewer)
    }

    @Test(arguments: [(5.0, 5.0), (5.0, 4.0), (-1.0, 4.0), (.nan, 4.0), (0, 1e308), (1, 1.0001)])
    func whatIsNoIntervalIsRefusedAtOnce(_ start: Double, _ end: Double) async throws {
        let (to, film) = (try TemporaryFolder(), try await Film())
        let viewer = try await SwarmUnderTest.open(to)
        let error = await failure(
            viewer, film.torrent, ClipRequest(start: start, end: end), to: "\(to.path)/clip.mp4", GetOptions())
        #expect(error?.code == .notCuttable && viewer.ids.isEmpty)
        await viewer.close()
    }

    /// Nobody is there to fetch it from: without a refusal it would wait.
    @Test(arguments: [
        ("clip.gif", ClipRequest(start: 1, end: 2), "No film or sound ends in .gif; mp4, mkv,"),
        ("clip.mp4", ClipRequest(start: 0, end: 600.1, mode: .exact), "at most 10 minutes long."),
        ("clip.avi", ClipRequest(start: 1, end: 2, mode: .exact), "Clips are not encoded anew as avi; mp4, webm,"),
    ])
    func whatNoFilmCanGiveIsRefusedAtOnce(_ name: String, _ clip: ClipRequest, _ words: String) async throws {
        let (to, film) = (try TemporaryFolder(), try await Film())
        let viewer = try await SwarmUnderTest.open(to)
        let error = await failure(viewer, film.torrent, clip, to: "\(to.path)/\(name)", GetOptions())
        #expect(error?.code == .notCuttable && error?.message.contains(words) == true && viewer.ids.isEmpty)
        await viewer.close()
    }

    /// How long a clip to the film's end is shows when the film's length is known, before the rest is fetched.
    @Test func anExactClipToTheEndIsRefusedByItsPlan() async throws {
        let swarm = try await SwarmUnderTest {
            try MadeFilm.make("\($0)/film.m4a", seconds: 620, more: ["-ac", "1", "-ar", "8000", "-b:a", "16k"])
        }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let estimate = Kept<ClipEstimate>()
        let options = try await swarm.options()
        let error = await #expect(throws: SpaceError.self) {
            try await viewer.get(
                swarm.torrent, clip: ClipRequest(start: 0, end: ClipRequest.filmEnd, mode: .exact),
                to: "\(to.path)/clip.m4a", options, onEstimate: { estimate.take($0) })
        }
        #expect(error?.code == .notCuttable && error?.message.contains("at most 10 minutes long.") == true)
        #expect(await estimate.values.isEmpty)
        let rest = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 615, end: ClipRequest.filmEnd, mode: .exact),
            to: "\(to.path)/clip.m4a", options)
        #expect(abs(rest.cut.duration - 5) < 0.2)
        await swarm.close(viewer)
    }

    @Test(arguments: ["film.mp4", "film.mkv", "noise.bin"]) func whatIsNoFilmSaysSo(_ name: String) async throws {
        let swarm = try await SwarmUnderTest { folder in
            try Data(TemporaryFolder.bytes(400_000, seed: 5)).write(to: URL(filePath: "\(folder)/\(name)"))
            return "\(folder)/\(name)"
        }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let error = await failure(
            viewer, swarm.torrent, ClipRequest(start: 1, end: 2), to: "\(to.path)/clip.mp4",
            try await swarm.options())
        #expect(error == .noFilm)
        #expect(try FileManager.default.contentsOfDirectory(atPath: to.path) == [".reelswarm"])
        await swarm.close(viewer)
    }

    @Test func whatIsThereStays() async throws {
        let (to, film) = (try TemporaryFolder(), try await Film())
        try to.write("clip.mp4", [1, 2, 3])
        let viewer = try await SwarmUnderTest.open(to)
        let clip = ClipRequest(start: 1, end: 2)
        let occupied = await failure(viewer, film.torrent, clip, to: "\(to.path)/clip.mp4", GetOptions())
        #expect(occupied?.code == .occupied && to.read("clip.mp4") == [1, 2, 3])
        let nowhere = await failure(viewer, film.torrent, clip, to: "\(to.path)/none/clip.mp4", GetOptions())
        #expect(nowhere?.code == .unavailable)
        var named = clip
        named.file = "other.mp4"
        let unknown = await failure(viewer, film.torrent, named, to: "\(to.path)/new.mp4", GetOptions())
        #expect(unknown?.code == .unknown && viewer.ids.isEmpty)
        await viewer.close()
    }

    @Test(arguments: [true, false]) func oneThatIsCancelledLeavesItsPiecesAlone(_ isGuest: Bool) async throws {
        let swarm = try await SwarmUnderTest(up: 150_000) { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let owner = try await SwarmUnderTest.open(to)
        let viewer = isGuest ? try await SwarmUnderTest.open(to) : owner
        let options = try await swarm.options()
        let task = Task {
            try await viewer.get(
                swarm.torrent, clip: ClipRequest(start: 2, end: 20), to: "\(to.path)/clip.mkv", options)
        }
        for await statuses in viewer.statuses(every: .milliseconds(10))
        where statuses.contains(where: { $0.doneBytes > 100_000 }) { break }
        task.cancel()
        await #expect(throws: SpaceError.cancelled) { try await task.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: to.path) == [".reelswarm"])
        for await statuses in viewer.statuses(every: .milliseconds(10)) where statuses.allSatisfy({ !$0.isActive }) {
            break
        }
        let estimate = Kept<ClipEstimate>()
        let result = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 2, end: 6), to: "\(to.path)/clip.mkv", options,
            onEstimate: { estimate.take($0) })
        let cost = try await estimate.first()
        #expect(cost.missingBytes <= Int64(cost.pieces.byteCount) - 98_304)
        #expect(result.bytesFetched <= cost.missingBytes + 65_536)
        await swarm.close(viewer, owner)
    }

    @Test func withoutPeersItWaitsUntilCancelled() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv", seconds: 6) }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let told = Kept<MediaStatus>()
        let task = Task {
            try await viewer.get(
                swarm.torrent, clip: ClipRequest(start: 2, end: 4), to: "\(to.path)/clip.mkv",
                onStatus: { told.take($0) })
        }
        for await statuses in viewer.statuses(every: .milliseconds(10))
        where statuses.contains(where: { $0.wantedBytes > 0 && $0.state == .downloading }) { break }
        #expect(try await told.first().peers == 0)
        task.cancel()
        await #expect(throws: SpaceError.cancelled) { try await task.value }
        await swarm.close(viewer)
    }

    /// One of another container, and one of a film that is over sooner.
    @Test(arguments: [("other.mp4", 24, 5.0), ("other.mkv", 6, 15.0)]) func anIndexThatLiesIsNotBelieved(
        _ other: String, _ seconds: Int, _ start: Double
    ) async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let liar = try await SwarmUnderTest { try MadeFilm.make("\($0)/\(other)", seconds: seconds) }
        var torrent = swarm.torrent
        torrent.clipIndexes = [0: try #require(liar.torrent.clipIndexes[0])]
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let result = try await viewer.get(
            torrent, clip: ClipRequest(start: start, end: start + 3), to: "\(to.path)/clip.mkv",
            try await swarm.options())
        let local = try await MadeFilm.localClip(
            "\(swarm.from.path)/film.mkv", start, start + 3, to: "\(to.path)/local.mkv")
        #expect(!result.hadIndex)
        #expect(try MadeFilm.Frames(result.path).isSame(as: local))
        await swarm.close(viewer)
        await liar.close()
    }
}
