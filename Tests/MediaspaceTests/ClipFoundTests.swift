import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// Clips of films that lie in the directory already: what is there is used and left as it is.
@Suite(.enabled(if: MadeFilm.hasTools, "ffmpeg or reelswarm-media-worker is missing"), .timeLimit(.minutes(3)))
struct ClipFoundTests {
    /// A season of two films and a text.
    private static func season(_ folder: String) throws -> String {
        let show = "\(folder)/show"
        try FileManager.default.createDirectory(atPath: "\(show)/b", withIntermediateDirectories: true)
        try MadeFilm.make("\(show)/a.mp4", seconds: 6)
        try MadeFilm.make("\(show)/b/two.mkv", seconds: 12)
        try Data(TemporaryFolder.bytes(5000, seed: 9)).write(to: URL(filePath: "\(show)/c.txt"))
        return show
    }

    private func copy(_ name: String, _ swarm: SwarmUnderTest, to path: String) throws {
        try FileManager.default.createDirectory(atPath: path.parentFolder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(swarm.from.path)/\(name)", toPath: path)
    }

    private func check(_ clip: String, _ swarm: SwarmUnderTest, _ film: String, _ start: Double, _ end: Double)
        async throws
    {
        let other = try TemporaryFolder()
        let ending = clip.split(separator: ".").last ?? ""
        let local = try await MadeFilm.localClip(
            "\(swarm.from.path)/\(film)", start, end, to: "\(other.path)/local.\(ending)")
        #expect(try MadeFilm.Frames(clip).isSame(as: local))
    }

    @Test(arguments: TorrentFormat.allCases, [true, false]) func aWholeFilmIsUsedAndNothingIsFetched(
        _ format: TorrentFormat, _ isIndexed: Bool
    ) async throws {
        let swarm = try await SwarmUnderTest(format: format, isIndexed: isIndexed) {
            try MadeFilm.make("\($0)/film.mp4")
        }
        let to = try TemporaryFolder()
        try copy("film.mp4", swarm, to: "\(to.path)/film.mp4")
        let before = FileFacts("\(to.path)/film.mp4")
        let viewer = try await SwarmUnderTest.open(to)
        let estimate = Kept<ClipEstimate>()
        // Without any peer.
        let result = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 9, end: 13), to: "\(to.path)/clip.mp4",
            onEstimate: { estimate.take($0) })
        #expect(result.bytesFetched == 0 && result.hadIndex == isIndexed)
        #expect(try await estimate.first().missingBytes == 0)
        try await check(result.path, swarm, "film.mp4", 9, 13)
        #expect(FileFacts("\(to.path)/film.mp4") == before)
        // The whole film is there for a later `get` too.
        let files = try await viewer.download(try await viewer.get(swarm.torrent))
        #expect(files.map(\.path) == ["\(to.path)/film.mp4"])
        #expect(try await viewer.status(of: swarm.id).downloaded == 0)
        await swarm.close(viewer)
    }

    @Test(arguments: ["other name.mp4", "films/2024/film.mp4"]) func itMayHaveAnotherNameOrPlace(
        _ name: String
    ) async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4") }
        let to = try TemporaryFolder()
        try copy("film.mp4", swarm, to: "\(to.path)/\(name)")
        let viewer = try await SwarmUnderTest.open(to)
        let result = try await viewer.get(swarm.torrent, clip: ClipRequest(start: 2, end: 5), to: "\(to.path)/clip.mp4")
        #expect(result.bytesFetched == 0)
        try await check(result.path, swarm, "film.mp4", 2, 5)
        await swarm.close(viewer)
    }

    @Test(arguments: [true, false]) func onlyTheBrokenPiecesAreFetchedAndTheFileStaysBroken(
        _ isIndexed: Bool
    ) async throws {
        let swarm = try await SwarmUnderTest(pieceLength: 16_384, isIndexed: isIndexed) {
            try MadeFilm.make("\($0)/film.mkv")
        }
        let to = try TemporaryFolder()
        var bytes = try #require(swarm.from.read("film.mkv"))
        for place in stride(from: 20_000, to: bytes.count, by: 160_000) { bytes[place] ^= 0x40 }
        try to.write("film.mkv", bytes)
        let before = FileFacts("\(to.path)/film.mkv")
        let viewer = try await SwarmUnderTest.open(to)
        let result = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 4, end: 20), to: "\(to.path)/clip.mkv", try await swarm.options())
        let broken = Int64(bytes.count / 160_000 + 1)
        #expect(result.bytesFetched > 0 && result.bytesFetched <= (broken + 1) * 16_384)
        try await check(result.path, swarm, "film.mkv", 4, 20)
        #expect(FileFacts("\(to.path)/film.mkv") == before && to.read("film.mkv") == bytes)
        // Who asks for the whole film there has it mended, as without the clip before.
        try await viewer.download(try await viewer.get(swarm.torrent, try await swarm.options()))
        #expect(to.read("film.mkv") == swarm.from.read("film.mkv"))
        await swarm.close(viewer)
    }

    @Test func anotherFileOfThatNameIsNotTouched() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let length = try #require(swarm.from.read("film.mkv")).count
        try to.write("film.mkv", length: length, seed: 4)
        let viewer = try await SwarmUnderTest.open(to)
        let options = try await swarm.options()
        // A whole film has no place there, and says so; a clip needs none.
        let id = try await viewer.get(swarm.torrent, options)
        #expect(try await viewer.failure(of: id).contains("another file"))
        try await viewer.deactivate(id)
        for name in ["1.mkv", "2.mkv"] {
            try await viewer.get(swarm.torrent, clip: ClipRequest(start: 4, end: 8), to: "\(to.path)/\(name)", options)
            try await check("\(to.path)/\(name)", swarm, "film.mkv", 4, 8)
        }
        #expect(to.read("film.mkv") == TemporaryFolder.bytes(length, seed: 4))
        // The same once more, and what the clips fetched is still there.
        #expect(try await viewer.failure(of: try await viewer.get(swarm.torrent, options)).contains("another file"))
        try await viewer.deactivate(id)
        let last = try await viewer.get(
            swarm.torrent, clip: ClipRequest(start: 4, end: 8), to: "\(to.path)/3.mkv", options)
        #expect(last.bytesFetched == 0 && to.read("film.mkv") == TemporaryFolder.bytes(length, seed: 4))
        await swarm.close(viewer)
    }

    @Test(arguments: TorrentFormat.allCases) func ofSeveralFilesTheFilmAloneMayBeThere(
        _ format: TorrentFormat
    ) async throws {
        let swarm = try await SwarmUnderTest(format: format, pieceLength: 16_384) { try Self.season($0) }
        let (to, whole) = (try TemporaryFolder(), try TemporaryFolder())
        try copy("show/b/two.mkv", swarm, to: "\(to.path)/show/b/two.mkv")
        try copy("show", swarm, to: "\(whole.path)/show")
        for (folder, most) in [(to, Int64(2 * 16_384)), (whole, 0)] {
            let viewer = try await SwarmUnderTest.open(folder)
            let result = try await viewer.get(
                swarm.torrent, clip: ClipRequest(start: 0, end: 12), to: "\(folder.path)/clip.mkv",
                most > 0 ? try await swarm.options() : GetOptions())
            // The pieces at its ends have bytes of files that are not there.
            #expect(result.film == "b/two.mkv" && result.bytesFetched <= most)
            try await check(result.path, swarm, "show/b/two.mkv", 0, 12)
            #expect(folder.exists("show/a.mp4") == (most == 0))
            await viewer.close()
        }
        await swarm.close()
    }

    @Test func aGuestUsesItToo() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4") }
        let to = try TemporaryFolder()
        try copy("film.mp4", swarm, to: "\(to.path)/film.mp4")
        let (owner, guest) = (try await SwarmUnderTest.open(to), try await SwarmUnderTest.open(to))
        for (space, name) in [(guest, "1.mp4"), (owner, "2.mp4")] {
            let result = try await space.get(
                swarm.torrent, clip: ClipRequest(start: 4, end: 9), to: "\(to.path)/\(name)")
            #expect(result.bytesFetched == 0)
        }
        #expect(to.read("1.mp4") == to.read("2.mp4"))
        await swarm.close(guest, owner)
    }

    @Test func anUnfinishedFilmGoesOnFromTheClip() async throws {
        let swarm = try await SwarmUnderTest(up: 400_000) { try MadeFilm.make("\($0)/film.mkv") }
        let to = try TemporaryFolder()
        let viewer = try await SwarmUnderTest.open(to)
        let options = try await swarm.options()
        let id = try await viewer.get(swarm.torrent, options)
        for await status in try await viewer.changes(of: id) where status.doneBytes > 400_000 { break }
        try await viewer.deactivate(id)
        await viewer.close()
        let again = try await SwarmUnderTest.open(to)
        let half = try await again.status(of: id)
        let estimate = Kept<ClipEstimate>()
        try await again.get(
            swarm.torrent, clip: ClipRequest(start: 2, end: 20), to: "\(to.path)/clip.mkv", options,
            onEstimate: { estimate.take($0) })
        let cost = try await estimate.first()
        #expect(cost.missingBytes < Int64(cost.pieces.byteCount))
        try await check("\(to.path)/clip.mkv", swarm, "film.mkv", 2, 20)
        await again.close()
        // It is remembered as a film that was stopped before it was whole.
        let entry = try #require(SpaceEntry.load(id, in: again.folder))
        #expect(entry.part == .whole && !entry.isComplete && !entry.isActive && entry.folder == to.path)
        #expect(entry.doneBytes > half.doneBytes && entry.doneBytes < entry.totalBytes)
        let last = try await SwarmUnderTest.open(to)
        try await last.activate(id)
        var more = try await swarm.options()
        more.downloadLimit = nil
        try await last.download(try await last.get(swarm.torrent, more))
        #expect(to.read("film.mkv") == swarm.from.read("film.mkv") && !to.exists(".reelswarm/parts"))
        let sent = try await swarm.seeder.status(of: id).uploaded
        #expect(sent < Int64(try #require(to.read("film.mkv")).count) * 5 / 4)
        await swarm.close(last)
    }

    @Test(arguments: [true, false]) func aFilmOfTheSpaceIsUsedWhetherActiveOrNot(_ isActive: Bool) async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4") }
        let space = swarm.seeder
        if !isActive { try await space.deactivate(swarm.id) }
        let result = try await space.get(
            swarm.torrent, clip: ClipRequest(start: 4, end: 9), to: "\(swarm.from.path)/clip.mp4")
        #expect(result.bytesFetched == 0)
        let status = try await space.status(of: swarm.id)
        #expect(status.isComplete && status.doneBytes == result.filmBytes || !isActive)
        await space.close()
        let entry = try #require(SpaceEntry.load(swarm.id, in: space.folder))
        #expect(
            entry.isActive == isActive && entry.part == .whole && entry.isComplete && entry.folder == swarm.from.path)
    }

    @Test func aFilmThatWasPutAndHasChangedIsNotWrittenInto() async throws {
        let swarm = try await SwarmUnderTest { try MadeFilm.make("\($0)/film.mp4") }
        let to = try TemporaryFolder()
        try copy("film.mp4", swarm, to: "\(to.path)/film.mp4")
        let viewer = try await SwarmUnderTest.open(to)
        try await viewer.seed(swarm.torrent, in: to.path)
        try await viewer.reaches(swarm.id, .seeding)
        try await viewer.deactivate(swarm.id)
        let other = TemporaryFolder.bytes(try #require(to.read("film.mp4")).count, seed: 8)
        try to.write("film.mp4", other)
        let options = try await swarm.options()
        let error = await #expect(throws: SpaceError.self) {
            try await viewer.get(
                swarm.torrent, clip: ClipRequest(start: 4, end: 9), to: "\(to.path)/clip.mp4", options)
        }
        #expect(error?.message.contains("not what its torrent describes") == true)
        #expect(to.read("film.mp4") == other)
        await swarm.close(viewer)
    }
}
