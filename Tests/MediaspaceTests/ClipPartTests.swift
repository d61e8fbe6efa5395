import ClipIndex
import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// What clips are made of, without sockets and workers.
@Suite(.timeLimit(.minutes(1))) struct ClipPartTests {
    @Test func theFurtherIsReadTheMoreIsFetchedAhead() {
        var ahead = ReadAhead(pieces: 0..<1000, pieceLength: 262_144)
        #expect(ahead.next(after: 10).isEmpty)
        #expect(ahead.next(after: 11) == 12..<13)
        #expect(ahead.next(after: 12) == 13..<15)
        // Another place begins anew, and the first is remembered.
        #expect(ahead.next(after: 700).isEmpty)
        #expect(ahead.next(after: 13) == 14..<17)
        for piece in 14..<200 { #expect(ahead.next(after: piece).count <= 32) }
        #expect(ahead.next(after: 200) == 201..<233)
        #expect(ahead.next(after: 999).isEmpty)
        var large = ReadAhead(pieces: 0..<10, pieceLength: 16 << 20)
        #expect(large.next(after: 8).isEmpty && large.next(after: 9).isEmpty)
    }

    @Test func clipsAreCalledLikeTheirFilms() throws {
        func name(_ film: String, _ start: Double, _ end: Double) throws -> String {
            ClipName.name(film, try #require(ClipInterval(start: start, end: end)))
        }
        #expect(try name("film.mp4", 62, 100) == "film 1.02-1.40.mp4")
        #expect(try name("my.film.MKV", 3723.25, 7200) == "my.film 1.02.03.25-2.00.00.MKV")
        #expect(try name("film", 0, 0.5) == "film 0.00-0.00.5.mp4")
        #expect(try name("film.mkv", 175, ClipRequest.filmEnd) == "film 2.55-end.mkv")
        #expect(try name("film.doc", 0, 1) == "film 0.00-0.01.mp4")
        #expect(try name(".mp4", 0, 1) == ".mp4 0.00-0.01.mp4")
        #expect(try name(String(repeating: "é", count: 120) + ".mp4", 0, 1).utf8.count < 220)
    }

    @Test func theFilmOfATorrentIsChosen() throws {
        let files = [
            TorrentFile(path: ["a", "small.mp4"], length: 10, offset: 0),
            TorrentFile(path: [".pad", "6"], length: 6, offset: 10, isPadding: true),
            TorrentFile(path: ["big.txt"], length: 90, offset: 16),
            TorrentFile(path: ["b", "small.mp4"], length: 20, offset: 106),
            TorrentFile(path: ["b", "one.mkv"], length: 15, offset: 126),
        ]
        let info = try TorrentInfo(
            decoding: InfoDictionary.multiFileV1(
                name: "show", files: files, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20)))
        let largest = try ChosenFilm(nil, of: info)
        #expect(largest.number == 3 && largest.path == "b/small.mp4" && largest.bytes == 106..<126)
        #expect(try ChosenFilm("a/small.mp4", of: info).number == 0)
        #expect(try ChosenFilm("show/b/small.mp4", of: info).number == 3)
        #expect(try ChosenFilm("one.mkv", of: info).number == 4)
        #expect(try ChosenFilm("big.txt", of: info).number == 2)
        // A name that two have, and padding, name nothing.
        for (name, sentence) in [
            ("small.mp4", "show has 2 files small.mp4: a/small.mp4, b/small.mp4."),
            ("none", "show has no file none, but a/small.mp4, b/small.mp4, b/one.mkv."),
        ] {
            let error = #expect(throws: SpaceError.self) { try ChosenFilm(name, of: info) }
            #expect(error == SpaceError(.unknown, sentence))
        }
        for name in ["6", ".pad/6", ""] {
            #expect(throws: SpaceError.self) { try ChosenFilm(name, of: info) }
        }
        #expect(largest.inTorrent([0..<5, 18..<900]) == [ByteSpan(106..<111), ByteSpan(124..<126)])
    }

    @Test func clipsWidenWhatIsWantedAndLeaveItAsItWas() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.isOpen = false
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        try await space.get(film.torrent, GetOptions(part: .bytes(0..<10)))
        let base = try #require(await space.member.hold(of: film.id))
        let (one, two) = (UUID(), UUID())
        try await space.clipHolds.want([ByteSpan(20_000..<20_010)], isGrowing: false, for: one, Hold(id: film.id))
        try await space.clipHolds.want([], isGrowing: true, for: two, Hold(id: film.id))
        var held = try #require(await space.member.hold(of: film.id))
        #expect(held.part == base.part && held.clips == [ByteSpan(20_000..<20_010)] && held.isGrowing)
        #expect(try await space.status(of: film.id).wantedBytes == 2 * 16_384)
        // Somebody else's wish in between stays.
        try await space.get(film.torrent, GetOptions(part: .bytes(50_000..<50_010)))
        await space.clipHolds.end(two, of: film.id, keeping: nil)
        await space.clipHolds.end(one, of: film.id, keeping: [ByteSpan(20_000..<20_005)])
        held = try #require(await space.member.hold(of: film.id))
        #expect(held.part == .bytes(50_000..<50_010) && held.clips == [ByteSpan(20_000..<20_005)] && !held.isGrowing)
        await space.close()
    }

    @Test func aClipAloneIsLetGoOf() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        try space.folder.keep(film.torrent)
        var hold = Hold(id: film.id)
        hold.part = .nothing
        let key = UUID()
        try await space.clipHolds.want([ByteSpan(0..<10)], isGrowing: false, for: key, hold)
        await space.clipHolds.end(key, of: film.id, keeping: nil)
        #expect(await space.member.hold(of: film.id) == nil)
        #expect(try await space.active().isEmpty)
        #expect(SpaceEntry.load(film.id, in: space.folder)?.part == .bytes(0..<10))
        await space.close()
    }

    @Test func whatWasHiddenComesOutWhenItIsWantedThere() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let space = try await Space.fake(folder, network)
        var options = GetOptions(part: .bytes(0..<10))
        options.isHidden = true
        try await space.completion(of: try await space.get(film.torrent, options))
        #expect(!folder.exists("film.mp4") && folder.exists(".reelswarm/parts/\(film.id)/film.mp4"))
        try await space.download(try await space.get(film.torrent))
        #expect(folder.read("film.mp4") == film.bytes && !folder.exists(".reelswarm/parts"))
        await space.close()
    }

    @Test func whatLiesThereKeepsItHidden() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        try folder.write("film.mp4", [1, 2, 3])
        let space = try await Space.fake(folder, network)
        var options = GetOptions(part: .bytes(0..<10))
        options.isHidden = true
        try await space.completion(of: try await space.get(film.torrent, options))
        let error = await #expect(throws: SpaceError.self) { try await space.get(film.torrent) }
        #expect(error?.code == .occupied && folder.read("film.mp4") == [1, 2, 3])
        #expect(folder.exists(".reelswarm/parts/\(film.id)/film.mp4"))
        await space.close()
    }
}
