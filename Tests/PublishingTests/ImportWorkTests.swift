import Catalog
import Foundation
import Logging
import Metainfo
import Store
import Testing
import TorrentCreation

@testable import Publishing

/// From a torrent of others to a film of the site, with a real database and the real worker.
@Suite struct ImportWorkTests {
    private static func single(_ content: [UInt8], pieceLength: Int = 64 << 10, isPrivate: Bool = false) throws
        -> Torrent
    {
        var torrent = try Torrent(
            infoBytes: InfoDictionary.singleFileV1(
                name: "sea of noise.mp4", length: Int64(content.count), pieceLength: pieceLength,
                pieces: TestSite.sha1Pieces(content, pieceLength: pieceLength), isPrivate: isPrivate))
        torrent.announceTiers = [["udp://tracker.example:6969/announce"], ["not a url", "http://b.example/announce"]]
        return torrent
    }

    private static func folder(_ files: [(String, [UInt8])]) throws -> (Torrent, [UInt8]) {
        var list: [TorrentFile] = []
        var content: [UInt8] = []
        for (name, bytes) in files {
            list.append(TorrentFile(path: [name], length: Int64(bytes.count), offset: Int64(content.count)))
            content += bytes
        }
        let info = InfoDictionary.multiFileV1(
            name: "two films", files: list, pieceLength: 32 << 10,
            pieces: TestSite.sha1Pieces(content, pieceLength: 32 << 10))
        return (try Torrent(infoBytes: info), content)
    }

    private func ask(_ site: TestSite, _ torrent: Torrent, title: String = "") async throws -> ClaimedImport {
        let bytes = torrent.encoded()
        let source = try ImportSource(bytes)
        _ = try await site.store.imports.add(
            NewImport(
                ownerID: site.owner.id, source: bytes, infoHash: source.infoHash, name: "",
                words: ImportWords(title: title, description: "", tags: [])))
        return try #require(try await site.store.imports.claim(node: "here"))
    }

    private func work(_ site: TestSite, _ claimed: ClaimedImport, _ swarm: SwarmOfFiles) async -> ImportWork.Outcome {
        let folder = site.cacheFolder + "-import"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return await ImportWork(
            claimed: claimed, store: site.store, fetching: swarm,
            taking: TakeFile(ingest: site.ingest, publisher: site.publisher), folder: folder,
            logger: Logger(label: "test")
        ).run()
    }

    private func state(_ site: TestSite, _ claimed: ClaimedImport) async throws -> Import {
        try #require(try await site.store.imports.find(claimed.facts.id, owner: nil))
    }

    @Test func oneFilmKeepsItsInfoHashAndItsTrackers() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 900_000, seed: 4)
            let torrent = try Self.single(film)
            let claimed = try await ask(site, torrent)
            #expect(await work(site, claimed, SwarmOfFiles(torrent, content: film)) == .ended)
            let done = try await state(site, claimed)
            #expect(done.state == .done && done.reason == "")
            let slug = try #require(done.videoSlug)
            let video = try #require(try await site.store.videos.video(slug: slug))
            #expect(video.title == "sea of noise" && video.media.fileName == "sea of noise.mp4")
            #expect(video.torrent?.infoHash == InfoHash(sha1Of: torrent.infoBytes))
            #expect(
                video.torrent?.otherTrackers.tiers == [
                    ["udp://tracker.example:6969/announce"], ["http://b.example/announce"],
                ])
            #expect(try await site.storedBytes(video.media) == film)
            #expect(site.swarm.seeded(InfoHash(sha1Of: torrent.infoBytes)) != nil)
        }
    }

    @Test(arguments: [(48 << 10, false), (64 << 10, true)])
    func aTorrentThatCannotBeKeptGivesItsFilm(pieceLength: Int, isPrivate: Bool) async throws {
        try await TestSite.with { site in
            let film = Films.mp4
            let torrent = try Self.single(film, pieceLength: pieceLength, isPrivate: isPrivate)
            let claimed = try await ask(site, torrent, title: "Own words")
            #expect(await work(site, claimed, SwarmOfFiles(torrent, content: film)) == .ended)
            let done = try await state(site, claimed)
            #expect(done.state == .done && done.reason.hasPrefix("The film has a torrent of its own here"))
            let slug = try #require(done.videoSlug)
            let video = try #require(try await site.store.videos.video(slug: slug))
            #expect(video.title == "Own words" && video.torrent?.infoHash != InfoHash(sha1Of: torrent.infoBytes))
        }
    }

    @Test func ofSeveralFilmsOneIsChosen() async throws {
        try await TestSite.with { site in
            let (torrent, content) = try Self.folder([
                ("a.mp4", Films.mp4), ("readme.txt", Array("hello".utf8)), ("b.mkv", Films.mkv),
            ])
            let swarm = SwarmOfFiles(torrent, content: content)
            let first = try await ask(site, torrent)
            #expect(await work(site, first, swarm) == .stopped)
            let asked = try await state(site, first)
            #expect(asked.state == .choosing && asked.files.map(\.path) == ["a.mp4", "b.mkv"])
            try await site.store.imports.choose(2, of: asked.id, owner: site.owner.id)
            let second = try #require(try await site.store.imports.claim(node: "here"))
            #expect(await work(site, second, swarm) == .ended)
            let done = try await state(site, second)
            let slug = try #require(done.videoSlug)
            let video = try #require(try await site.store.videos.video(slug: slug))
            #expect(video.media.fileName == "b.mkv" && video.media.size == Int64(Films.mkv.count))
        }
    }

    @Test func whatIsNoFilmIsRefusedInWords() async throws {
        try await TestSite.with { site in
            let torrent = try Self.single(Array("<html>not a film</html>".utf8))
            let claimed = try await ask(site, torrent)
            #expect(
                await work(site, claimed, SwarmOfFiles(torrent, content: Array("<html>not a film</html>".utf8)))
                    == .stopped)
            let failed = try await state(site, claimed)
            #expect(failed.state == .failed)
            #expect(failed.reason.contains("not a film"))
            try await site.expectNothingLeft()
        }
    }

    @Test func theEnginesReasonReachesThePublisher() async throws {
        try await TestSite.with { site in
            let torrent = try Self.single(Films.mp4)
            let claimed = try await ask(site, torrent)
            let swarm = SwarmOfFiles(torrent, content: [], failure: "The disk is full.")
            #expect(await work(site, claimed, swarm) == .stopped)
            #expect(try await state(site, claimed).reason == "The disk is full.")
        }
    }

    @Test func aCancelledImportEndsWithNothingLeft() async throws {
        try await TestSite.with { site in
            let torrent = try Self.single(Films.mp4)
            let claimed = try await ask(site, torrent)
            try await site.store.imports.cancel(claimed.facts.id, owner: site.owner.id)
            #expect(await work(site, claimed, SwarmOfFiles(torrent, content: Films.mp4)) == .ended)
            #expect(try await state(site, claimed).state == .cancelled)
            try await site.expectNothingLeft()
        }
    }

    @Test func aTorrentOfThisSiteIsNotFetchedAgain() async throws {
        try await TestSite.with { site in
            let film = Films.padded(to: 300_000, seed: 9)
            let torrent = try Self.single(film)
            let first = try await ask(site, torrent)
            _ = await work(site, first, SwarmOfFiles(torrent, content: film))
            let second = try await ask(site, torrent)
            let swarm = SwarmOfFiles(torrent, content: film)
            #expect(await work(site, second, swarm) == .stopped)
            #expect(try await state(site, second).reason.contains("This site has this torrent already"))
            #expect(swarm.state.withLock { $0.begun } == 0)
        }
    }

    @Test func sourcesAreReadInEveryForm() throws {
        let torrent = try Self.single(Films.mp4)
        #expect(try ImportSource(torrent.encoded()).infoHash == InfoHash(sha1Of: torrent.infoBytes))
        let magnet = "  magnet:?xt=urn:btih:dddddddddddddddddddddddddddddddddddddddd&dn=Sea \n"
        #expect(try ImportSource(Array(magnet.utf8)).name == "Sea")
        let bare = String(repeating: "d", count: 40)
        #expect(try ImportSource(Array(bare.utf8)).infoHash == InfoHash(hex: bare))
        for wrong in ["", "   ", "http://a.example/x.torrent", "d", "magnet:?dn=x", String(repeating: "d", count: 200)]
        {
            #expect(throws: PublishingError.self, "\(wrong)") { _ = try ImportSource(Array(wrong.utf8)) }
        }
    }
}
