import Foundation
import Metainfo
import Testing

@testable import Mediaspace

@Suite(.timeLimit(.minutes(1))) struct RescanTests {
    @Test func newFilmsAndTorrentsBecomeActiveAndRemovedOnesStop() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film("known.mp4"))
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        try folder.write("new/holiday.mkv", length: 40_000, seed: 5)
        try folder.write("known.mp4", film.bytes)
        try folder.write("somebody.torrent", film.torrent.encoded())
        let first = try await space.rescan()
        #expect(first.added.count == 2 && first.added.contains(film.id))
        #expect(folder.exists("new/holiday.mkv.torrent"))
        #expect(try await space.rescan().isEmpty)
        for id in first.added { try await space.reaches(id, .seeding) }
        try FileManager.default.removeItem(atPath: folder.path + "/new")
        let second = try await space.rescan()
        #expect(second.removed == first.added.filter { $0 != film.id })
        #expect(try await space.active() == [film.id])
        try FileManager.default.removeItem(atPath: folder.path + "/somebody.torrent")
        #expect(try await space.rescan().removed == [film.id])
        await space.close()
    }

    @Test func aDownloadUnderWayIsNoNewFilm() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.torrent, GetOptions(part: .bytes(0..<20_000)))
        try await space.completion(of: id)
        #expect(folder.exists("film.mp4"))
        #expect(try await space.rescan().isEmpty)
        #expect(!folder.exists("film.mp4.torrent"))
        await space.close()
    }

    @Test func problemsAreSaidOnceAndTriedAgain() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        try folder.write("film.torrent", film.torrent.encoded())
        try folder.write("broken.torrent", [1, 2, 3])
        try folder.write("empty.mp4", [])
        #expect(try await space.rescan().problems.count == 3)
        #expect(try await space.rescan().isEmpty)
        try folder.write("film.mp4", film.bytes)
        #expect(try await space.rescan().added == [film.id])
        await space.close()
    }

    @Test func openingWithAScanTakesUpWhatLiesThere() async throws {
        let (folder, network) = (try TemporaryFolder(), FakeNetwork())
        try folder.write("film.mp4", length: 40_000)
        let space = try await Space.fake(folder, network, scanning: true)
        #expect(try await space.active().count == 1)
        await space.close()
        let again = try await Space.fake(folder, network, scanning: true)
        #expect(try await again.active().count == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == [".reelswarm", "film.mp4", "film.mp4.torrent"])
        await again.close()
    }

    @Test func aWatchedFolderIsFollowedUntilCancelled() async throws {
        let (folder, watched, network) = (try TemporaryFolder(), try TemporaryFolder(), FakeNetwork())
        let space = try await Space.fake(folder, network)
        let (results, continuation) = AsyncStream.makeStream(of: RescanResult.self)
        let rules = WatchRules(folder: watched.path, interval: .milliseconds(20))
        let watch = Task { await space.watch(rules) { continuation.yield($0) } }
        try watched.write("a/film.mp4", length: 40_000)
        var iterator = results.makeAsyncIterator()
        let added = try #require(await iterator.next()).added
        #expect(added.count == 1 && watched.exists("a/film.mp4.torrent"))
        try FileManager.default.moveItem(atPath: watched.path + "/a", toPath: folder.path + "/a")
        #expect(await iterator.next()?.removed == added)
        watch.cancel()
        await watch.value
        #expect(space.ids.isEmpty)
        await space.close()
    }
}
