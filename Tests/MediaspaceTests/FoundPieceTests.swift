import Foundation
import Metainfo
import Testing
import TorrentCreation
import TorrentEngine

@testable import Mediaspace

/// Which pieces of a film are found in files that lie somewhere.
@Suite(.timeLimit(.minutes(1))) struct FoundPieceTests {
    private func torrent(
        _ folder: TemporaryFolder, _ name: String, _ format: TorrentFormat, pieceLength: Int = 32_768
    ) async throws -> Torrent {
        let made = try await makeTorrent(
            path: "\(folder.path)/\(name)", options: CreationOptions(pieceLength: pieceLength, format: format))
        return try Torrent(infoBytes: made.infoBytes, pieceLayers: made.pieceLayers)
    }

    private func pieces(_ torrent: Torrent, _ found: FoundPieces) async -> [Int] {
        var there: [Int] = []
        for piece in 0..<torrent.info.pieceCount where await found.has(piece) { there.append(piece) }
        return there
    }

    @Test(arguments: TorrentFormat.allCases, [1, 16_384, 16_385, 32_768, 32_769, 300_000])
    func everyPieceHasItsHashAndNoOtherOne(_ format: TorrentFormat, _ length: Int) async throws {
        let folder = try TemporaryFolder()
        try folder.write("show/b.mp4", length: length, seed: 3)
        try folder.write("show/a.mp4", length: 50_000, seed: 4)
        let torrent = try await torrent(folder, "show", format)
        let film = try ChosenFilm("b.mp4", of: torrent.info)
        let found = try #require(FoundPieces(of: film, in: torrent, below: folder.path, besides: nil))
        #expect(await pieces(torrent, found) == Array(0..<torrent.info.pieceCount))
        #expect(await found.missing([ByteSpan(film.bytes)]).isEmpty)
        let check = PieceCheck(torrent)
        var chance = SplitMix(length)
        for piece in 0..<torrent.info.pieceCount {
            var bytes = try #require(await found.bytes(of: piece))
            let index = PieceIndex(UInt32(piece))
            #expect(check.holds(bytes, as: index))
            #expect(!check.holds(Array(bytes.dropLast()), as: index) && !check.holds(bytes + [0], as: index))
            #expect(!check.holds(bytes, as: PieceIndex(UInt32(piece + 1))))
            bytes[chance.next(below: bytes.count)] ^= 1
            #expect(!check.holds(bytes, as: index))
        }
        #expect(!check.holds([], as: PieceIndex(UInt32(torrent.info.pieceCount))))
        for none in [torrent.info.pieceCount, -1, .max] { #expect(await !found.has(none)) }
    }

    @Test func withoutHashesNothingIsBelieved() async throws {
        let folder = try TemporaryFolder()
        try folder.write("film.mp4", length: 300_000)
        var torrent = try await torrent(folder, "film.mp4", .v2)
        torrent.pieceLayers = [:]
        let film = try ChosenFilm(nil, of: torrent.info)
        let found = try #require(FoundPieces(of: film, in: torrent, below: folder.path, besides: nil))
        #expect(await pieces(torrent, found).isEmpty)
        torrent.pieceLayers = [try #require(film.file.piecesRoot): [1, 2, 3]]
        #expect(!PieceCheck(torrent).holds(TemporaryFolder.bytes(32_768, seed: 1), as: PieceIndex(0)))
    }

    @Test func oneFileHasThisPieceAndAnotherThat() async throws {
        let (folder, space) = (try TemporaryFolder(), try TemporaryFolder())
        try folder.write("film.mp4", length: 300_000)
        let torrent = try await torrent(folder, "film.mp4", .v1)
        let film = try ChosenFilm(nil, of: torrent.info)
        var (one, two) = (TemporaryFolder.bytes(300_000, seed: 1), TemporaryFolder.bytes(300_000, seed: 1))
        one[40_000] ^= 1
        one[290_000] ^= 1
        two[290_000] ^= 1
        try space.write("film.mp4", one)
        try space.write("deep/er/copy.mp4", two)
        let found = try #require(FoundPieces(of: film, in: torrent, below: space.path, besides: nil))
        #expect(await pieces(torrent, found) == [0, 1, 2, 3, 4, 5, 6, 7, 9])
        #expect(await found.missing([ByteSpan(0..<10), ByteSpan(200_000..<300_000)]) == [ByteSpan(262_144..<294_912)])
        // What has changed since is found out.
        try space.write("film.mp4", length: 300_000, seed: 5)
        try space.write("deep/er/copy.mp4", length: 300_000, seed: 5)
        let again = try #require(FoundPieces(of: film, in: torrent, below: space.path, besides: nil))
        #expect(await again.bytes(of: 0) == nil)
    }

    @Test func whatIsCutOffAfterwardsIsNotRead() async throws {
        let (folder, space) = (try TemporaryFolder(), try TemporaryFolder())
        try folder.write("film.mp4", length: 300_000)
        let torrent = try await torrent(folder, "film.mp4", .v1)
        let film = try ChosenFilm(nil, of: torrent.info)
        let path = try space.write("film.mp4", length: 300_000)
        let found = try #require(FoundPieces(of: film, in: torrent, below: space.path, besides: nil))
        #expect(await found.has(8))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 270_000)
        try handle.close()
        #expect(await found.bytes(of: 8) == nil)
        #expect(await !found.has(8))
        #expect(await found.has(7))
    }

    @Test func theSearchEndsAndFollowsNoLinks() async throws {
        let (folder, space, other) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        try folder.write("film.mp4", length: 100_000)
        let torrent = try await torrent(folder, "film.mp4", .v1)
        let film = try ChosenFilm(nil, of: torrent.info)
        let search = FilmSearch(film: film)
        #expect(search.files(below: "\(space.path)/none", besides: nil).isEmpty)
        let target = try other.write("film.mp4", length: 100_000)
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(space.path)/film.mp4", withDestinationPath: target)
        try manager.createSymbolicLink(atPath: "\(space.path)/loop", withDestinationPath: space.path)
        try space.write(".hidden/film.mp4", length: 100_000)
        try space.write("one less.mp4", length: 99_999)
        try space.write("a/b/c/d/e/f/g/h/i/film.mp4", length: 100_000)
        #expect(search.files(below: space.path, besides: nil).isEmpty)
        try manager.createDirectory(atPath: "\(space.path)/dir/film.mp4", withIntermediateDirectories: true)
        for number in 0..<9 { try space.write("copy \(number).mp4", length: 100_000) }
        #expect(search.files(below: space.path, besides: nil).count == FilmSearch.most)
        let one = try TemporaryFolder()
        let path = try one.write("film.mp4", length: 100_000)
        #expect(search.files(below: one.path, besides: path).isEmpty)
        #expect(FoundPieces(of: film, in: torrent, below: one.path, besides: path) == nil)
    }
}

/// Numbers that are the same at each run.
private struct SplitMix {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) }

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, limit)
    }
}
