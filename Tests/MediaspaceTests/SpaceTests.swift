import Foundation
import Metainfo
import Testing

@testable import Mediaspace

@Suite(.timeLimit(.minutes(1))) struct SpaceTests {
    @Test func aTorrentIsGotAndSeeded() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(try film.write(in: folder))
        #expect(id == film.id && space.contains(id))
        let files = try await space.share(id)
        #expect(files.map(\.path) == ["\(folder.path)/film.mp4"])
        #expect(folder.read("film.mp4") == film.bytes)
        let status = try await space.status(of: id)
        #expect(status.state == .seeding && status.progress == 1 && status.name == "film.mp4")
        #expect(try await space.active() == [id])
        await space.close()
    }

    @Test func aDownloadStopsWhenItIsDone() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get("file://" + (try film.write(in: folder)))
        try await space.download(id)
        #expect(try await space.active() == [])
        #expect(try await space.status(of: id).state == .done)
        await space.close()
    }

    @Test func aMagnetIsGot() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(MagnetLink(infoHashV1: film.id.infoHash).formatted())
        try await space.download(id)
        #expect(folder.read("film.mp4") == film.bytes)
        #expect(space.torrent(id)?.infoBytes == film.torrent.infoBytes)
        await space.close()
    }

    @Test func aHashAloneIsAMagnetUnlessAFileIsCalledSo() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.isOpen = false
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.id.description)
        #expect(id == film.id)
        #expect(try await space.status(of: id).state == .waiting)
        #expect(throws: SpaceError.self) { try space.files(of: id) }
        await space.close()
    }

    @Test(arguments: [
        "/nowhere/film.torrent", "magnet:?dn=film", "magnet:?xt=urn:btih:12", "http://", "file:///nowhere", "12",
    ])
    func whatIsNoSourceIsRefusedWithASentence(_ source: String) async throws {
        let space = try await Space.fake(try TemporaryFolder(), FakeNetwork())
        let error = await #expect(throws: SpaceError.self) { try await space.get(source) }
        #expect(error?.code == .badSource && error?.message.hasSuffix(".") == true)
        await space.close()
    }

    @Test func apartOfAFilmIsBroughtOutAlone() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let part = MediaPart.bytes(20_000..<40_000)
        var options = GetOptions(part: part)
        options.isHidden = true
        options.sharesWhenDone = false
        let id = try await space.get(film.torrent, options)
        try await space.download(id)
        try await space.deliver(id, part: part, to: folder.path + "/part.bin")
        #expect(folder.read("part.bin") == Array(film.bytes[20_000..<40_000]))
        #expect(!folder.exists("film.mp4"))
        #expect(network.sent == 2 * 16_384)
        await #expect(throws: SpaceError.self) {
            try await space.deliver(id, part: .bytes(900_000..<900_001), to: folder.path + "/none")
        }
        try await space.remove(id)
        await space.close()
        #expect(!folder.exists(".reelswarm"))
    }

    @Test func bytesComeWhenTheyAreAskedFor() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.torrent, GetOptions(part: .nothing))
        #expect(try await space.bytes(16_000..<17_000, of: id) == Array(film.bytes[16_000..<17_000]))
        #expect(network.sent == 2 * 16_384)
        await space.close()
    }

    @Test func aFileOfSomebodyElseIsNeverWrittenOver() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let own = TemporaryFolder.bytes(film.bytes.count, seed: 99)
        for bytes in [[1, 2, 3], own] {
            try folder.write("film.mp4", bytes)
            let id = try await space.get(film.torrent)
            #expect(try await space.failure(of: id).hasSuffix("is another file."))
            #expect(folder.read("film.mp4") == bytes)
            try await space.remove(id)
        }
        let magnet = try await space.get(MagnetLink(infoHashV1: film.id.infoHash))
        #expect(try await space.failure(of: magnet).hasSuffix("is another file."))
        #expect(folder.read("film.mp4") == own && network.sent == 0)
        await space.close()
    }

    @Test func aDamagedCopyIsMended() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        var damaged = film.bytes
        damaged[100] ^= 1
        try folder.write("film.mp4", damaged)
        let space = try await Space.fake(folder, network)
        try await space.download(try await space.get(film.torrent))
        #expect(folder.read("film.mp4") == film.bytes && network.sent == 16_384)
        await space.close()
    }

    @Test func aFilmIsPutInPlaceOrCopied() async throws {
        let (folder, elsewhere, network) = (try TemporaryFolder(), try TemporaryFolder(), FakeNetwork())
        let path = try elsewhere.write("film.mp4", length: 50_000)
        let space = try await Space.fake(folder, network)
        let inPlace = try await space.put(path, PutOptions(announceTiers: [["udp://one.example:1/announce"]]))
        try await space.reaches(inPlace, .seeding)
        #expect(try space.path(of: inPlace) == path && !folder.exists("film.mp4"))
        #expect(space.torrent(inPlace)?.announceTiers == [["udp://one.example:1/announce"]])
        try elsewhere.write("other.mp4", length: 60_000)
        let copied = try await space.put(elsewhere.path + "/other.mp4", PutOptions(copies: true, writesTorrent: true))
        try await space.reaches(copied, .seeding)
        #expect(try space.path(of: copied) == "\(folder.path)/other.mp4")
        #expect(try Space.id(ofTorrentAt: "\(folder.path)/other.mp4.torrent") == copied)
        #expect(network.additions.allSatisfy { $0.check == .trusted })
        await #expect(throws: SpaceError.self) {
            try await space.put(elsewhere.path + "/other.mp4", PutOptions(copies: true))
        }
        await space.close()
    }

    @Test func whatCannotBePutIsSaid() async throws {
        let folder = try TemporaryFolder()
        let space = try await Space.fake(folder, FakeNetwork())
        try folder.write("empty.mp4", [])
        for path in ["nothing.mp4", "empty.mp4"] {
            let error = await #expect(throws: SpaceError.self) { try await space.put("\(folder.path)/\(path)") }
            #expect(error?.code == .notMade)
        }
        #expect(space.ids.isEmpty)
        await space.close()
    }

    @Test func seedingNeverDownloads() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        var damaged = film.bytes
        damaged[100] ^= 1
        try folder.write("film.mp4", damaged)
        let space = try await Space.fake(folder, network)
        let id = try await space.seed(film.torrent, in: folder.path)
        #expect(try await space.failure(of: id).contains("% of it matches"))
        #expect(folder.read("film.mp4") == damaged && network.sent == 0)
        try folder.write("film.mp4", film.bytes)
        try await space.restart(id)
        try await space.reaches(id, .seeding)
        await space.close()
    }

    @Test func whatIsDeactivatedStaysSoAndCanBeActivated() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.torrent)
        try await space.share(id)
        try await space.deactivate(id)
        #expect(try await space.active().isEmpty)
        await space.close()
        let again = try await Space.fake(folder, network, scanning: true)
        #expect(try await again.active().isEmpty && again.contains(id))
        try await again.activate(id)
        try await again.reaches(id, .seeding)
        await again.close()
        let third = try await Space.fake(folder, network, scanning: true)
        try await third.reaches(id, .seeding)
        #expect(network.sent == Int64(film.bytes.count))
        await third.close()
    }

    @Test func removingTakesTheContentAlongWhereItIsSaid() async throws {
        let (folder, network) = (try TemporaryFolder(), FakeNetwork())
        let films = [
            try await Film("a.mp4", seed: 1), try await Film("b.mp4", seed: 2), try await Film("c.mp4", seed: 3),
        ]
        let space = try await Space.fake(folder, network)
        for film in films {
            network.seed(film.torrent, film.bytes)
            try await space.share(try await space.get(film.torrent))
        }
        try await space.remove(films[0].id)
        try await space.remove(films[1].id, withContent: true)
        #expect(folder.exists("a.mp4") && !folder.exists("b.mp4") && folder.exists("c.mp4"))
        #expect(space.ids == [films[2].id])
        try await space.removeAll(withContent: true)
        #expect(space.ids.isEmpty && !folder.exists("c.mp4"))
        await #expect(throws: SpaceError.unknown(films[0].id)) { try await space.remove(films[0].id) }
        await #expect(throws: SpaceError.unknown(films[0].id)) { try await space.activate(films[0].id) }
        await #expect(throws: SpaceError.unknown(films[0].id)) { try await space.status(of: films[0].id) }
        await space.close()
    }

    @Test func statusesComeAtAnInterval() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let id = try await space.get(film.torrent)
        for await statuses in space.statuses(every: .milliseconds(5)) where statuses.first?.state == .seeding {
            #expect(statuses.map(\.id) == [id])
            break
        }
        await space.close()
        for await _ in space.statuses(every: .seconds(1)) { Issue.record("a closed space has no status") }
    }

    @Test func handlersAreToldFromTheFirstStateToTheLast() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        let (states, continuation) = AsyncStream.makeStream(of: MediaState.self)
        try await space.get(film.torrent) { continuation.yield($0.state) }
        for await state in states where state == .seeding { break }
        await space.close()
    }

    @Test func aClosedSpaceSaysSo() async throws {
        let folder = try TemporaryFolder()
        let space = try await Space.fake(folder, FakeNetwork())
        await space.close()
        await #expect(throws: SpaceError.closed) { try await space.statuses() }
        await space.close()
    }
}
