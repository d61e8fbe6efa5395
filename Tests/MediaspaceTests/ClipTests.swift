import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// Clips out of a swarm of real engines, cut by the real worker.
@Suite(.enabled(if: MadeFilm.hasTools, "ffmpeg or reelswarm-media-worker is missing"), .timeLimit(.minutes(3)))
struct ClipTests {
    @Test(arguments: MadeFilm.kinds) func aClipCostsLittleMoreThanItsPieces(_ kind: String) async throws {
        let swarm = try await SwarmUnderTest(pieceLength: 16_384) { try MadeFilm.make("\($0)/film.\(kind)") }
        #expect(swarm.torrent.clipIndexes[0] != nil)
        let film = "\(swarm.from.path)/film.\(kind)"
        try await withIndex(swarm, film, kind)
        try await withoutIndex(swarm, film, kind)
        await swarm.close()
    }

    private func withIndex(_ swarm: SwarmUnderTest, _ film: String, _ kind: String) async throws {
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let estimate = Kept<ClipEstimate>()
        let result = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 9.3, end: 13.1), to: "\(to.path)/clip.\(kind)",
            try await swarm.options(), onEstimate: { estimate.take($0) })
        let pieces = try await estimate.first().pieces
        #expect(result.hadIndex && result.film == "film.\(kind)")
        #expect(result.bytesFetched > 0 && result.bytesFetched <= Int64(pieces.byteCount) + 65_536)
        #expect(try await estimate.first().missingBytes == Int64(pieces.byteCount))
        #expect(Int64(pieces.byteCount) < result.filmBytes / 2)
        let local = try await MadeFilm.localClip(film, 9.3, 13.1, to: "\(to.path)/local.\(kind)")
        #expect(try MadeFilm.Frames(result.path).isSame(as: local))
        await viewer.close()
    }

    private func withoutIndex(_ swarm: SwarmUnderTest, _ film: String, _ kind: String) async throws {
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        var torrent = swarm.torrent
        torrent.clipIndexes = [:]
        let result = try await viewer.get(
            torrent, clip: ClipRequest(start: 3.3, end: 6.1), to: "\(to.path)/clip.\(kind)",
            try await swarm.options())
        #expect(!result.hadIndex)
        #expect(result.bytesFetched > 0 && result.bytesFetched < result.filmBytes * 3 / 4)
        let local = try await MadeFilm.localClip(film, 3.3, 6.1, to: "\(to.path)/local.\(kind)")
        #expect(try MadeFilm.Frames(result.path).isSame(as: local))
        await viewer.close()
    }

    @Test func anExactClipHasJustItsFrames() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let clip = ClipRequest(start: 9.32, end: 11.32, mode: .exact)
        let result = try await viewer.get(
            swarm.torrent, clip: clip, to: "\(to.path)/clip.mp4", try await swarm.options())
        #expect(abs(result.cut.duration - 2) < 0.05 && result.bytesFetched < result.filmBytes / 2)
        await swarm.close(viewer)
    }

    @Test func aSecondClipAndTheWholeGoOnFromTheFirst() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let options = try await swarm.options()
        let first = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 8, end: 14), to: "\(to.path)/1.mkv", options)
        let kept = try await viewer.status(of: swarm.id)
        #expect(kept.state == .seeding && kept.doneBytes >= first.bytesFetched - 65_536)
        #expect(!to.exists("film.mkv"))
        let estimate = Kept<ClipEstimate>()
        let second = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 9, end: 12), to: "\(to.path)/2.mkv", options,
            onEstimate: { estimate.take($0) })
        #expect(second.bytesFetched == 0)
        #expect(try await estimate.first().missingBytes == 0)
        try await viewer.download(try await viewer.get(swarm.torrent, options))
        #expect(to.read("film.mkv") == swarm.from.read("film.mkv"))
        let uploaded = try await swarm.seeder.status(of: swarm.id).uploaded
        #expect(uploaded <= first.filmBytes + 3 * 32_768)
        await swarm.close(viewer)
    }

    @Test func theFirstClipStaysForAnotherRun() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4") }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        var options = try await swarm.options()
        options.sharesWhenDone = false
        try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 8, end: 12), to: "\(to.path)/1.mp4", options)
        #expect(try await viewer.active().isEmpty)
        await viewer.close()
        let again = try await SwarmUnderTest.open(to)
        let second = try await again.get(
            swarm.torrent, clip: ClipRequest(start: 8, end: 12), to: "\(to.path)/2.mp4", options)
        #expect(second.bytesFetched == 0 && to.read("1.mp4") == to.read("2.mp4"))
        await swarm.close(again)
    }

    @Test func whatAClipFetchedIsShared() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let (to, third) = (try TemporaryFolder(), try TemporaryFolder())
        let (viewer, other) = (try await SwarmUnderTest.open(to), try await SwarmUnderTest.open(third))
        let clip = ClipRequest(start: 4, end: 9)
        try await viewer.get(swarm.torrent, clip: clip, to: "\(to.path)/clip.mkv", try await swarm.options())
        await swarm.seeder.close()
        try await other.get(
            swarm.torrent, clip: clip, to: "\(third.path)/clip.mkv", try await swarm.options(viewer))
        #expect(to.read("clip.mkv") == third.read("clip.mkv") && to.read("clip.mkv") != nil)
        await swarm.close(viewer, other)
    }

    @Test(arguments: TorrentFormat.allCases) func ofSeveralFilmsTheNamedOrTheLargestIsTaken(
        _ format: TorrentFormat
    ) async throws {
        let swarm = try await SwarmUnderTest(format: format) { folder in
            let show = "\(folder)/show"
            try FileManager.default.createDirectory(atPath: "\(show)/b", withIntermediateDirectories: true)
            try MadeFilm.make("\(show)/a.mp4", seconds: 6)
            try MadeFilm.make("\(show)/b/two.mkv", seconds: 12)
            try Data(TemporaryFolder.bytes(5000, seed: 9)).write(to: URL(filePath: "\(show)/c.txt"))
            return show
        }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let options = try await swarm.options()
        let largest = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 2, end: 5), to: to.path, options)
        #expect(largest.film == "b/two.mkv" && largest.path == "\(to.path)/two 0.02-0.05.mkv")
        let named = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 2, end: 5, file: "a.mp4"), to: "\(to.path)/a.mp4", options)
        #expect(named.film == "a.mp4" && named.hadIndex)
        for (film, clip) in [("b/two.mkv", "two 0.02-0.05.mkv"), ("a.mp4", "a.mp4")] {
            let local = try await MadeFilm.localClip(
                "\(swarm.from.path)/show/\(film)", 2, 5, to: "\(to.path)/local-" + clip)
            #expect(try MadeFilm.Frames("\(to.path)/\(clip)").isSame(as: local))
        }
        await swarm.close(viewer)
    }

    @Test func aGuestGetsAClipAsTheOwnerDoes() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let (owner, guest) = (try await SwarmUnderTest.open(to), try await SwarmUnderTest.open(to))
        let options = try await swarm.options()
        async let one = owner.get(
            swarm.torrent, clip: ClipRequest(start: 4, end: 9), to: "\(to.path)/1.mkv", options)
        async let two = guest.get(
            swarm.torrent, clip: ClipRequest(start: 6, end: 11), to: "\(to.path)/2.mkv", options)
        let results = try await (one, two)
        let local = try await MadeFilm.localClip("\(swarm.from.path)/film.mkv", 6, 11, to: "\(to.path)/local.mkv")
        #expect(try MadeFilm.Frames("\(to.path)/2.mkv").isSame(as: local))
        #expect(try await swarm.seeder.status(of: swarm.id).uploaded < results.0.filmBytes / 2)
        // The other goes on when the owner leaves.
        await owner.close()
        let again = try await guest.get(
            swarm.torrent, clip: ClipRequest(start: 4, end: 9), to: "\(to.path)/3.mkv", options)
        #expect(again.bytesFetched == 0 && to.read("3.mkv") == to.read("1.mkv"))
        await swarm.close(guest)
    }

    @Test func aMagnetBringsAClip() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4", more: ["-movflags", "+faststart"]) }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let result = try await viewer.get(
            "magnet:?xt=urn:btih:\(swarm.id)", clip: ClipRequest(start: 5, end: 8), to: to.path,
            try await swarm.options())
        #expect(!result.hadIndex && result.path == "\(to.path)/film 0.05-0.08.mp4")
        #expect(result.bytesFetched < result.filmBytes / 2)
        await swarm.close(viewer)
    }

    @Test func theExactSourceOfAMagnetBringsTheIndex() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let server = try FileServer(swarm.torrent.encoded())
        var link = MagnetLink(infoHashV1: swarm.id.infoHash)
        link.exactSources = [server.url]
        let result = try await viewer.get(
            link, clip: ClipRequest(start: 5, end: 8), to: "\(to.path)/clip.mkv", try await swarm.options())
        #expect(result.hadIndex)
        // What is another torrent is not taken, and peers are asked.
        let other = try await Film()
        let wrong = try FileServer(other.torrent.encoded())
        link.exactSources = [wrong.url]
        let third = try TemporaryFolder()
        let alone = try await SwarmUnderTest.open(third)
        let without = try await alone.get(
            link, clip: ClipRequest(start: 5, end: 8), to: "\(third.path)/clip.mkv", try await swarm.options())
        #expect(!without.hadIndex && without.id == swarm.id && wrong.wasAsked)
        await swarm.close(viewer, alone)
    }
}
