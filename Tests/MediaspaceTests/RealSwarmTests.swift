import ByteCoding
import Foundation
import Metainfo
import TorrentCreation
import Testing

@testable import Mediaspace

/// Spaces with the real engine, on loopback.
@Suite(.timeLimit(.minutes(2))) struct RealSwarmTests {
    private func open(_ folder: TemporaryFolder, scanning: Bool = false, up: Int? = nil) async throws -> Space {
        var configuration = SpaceConfiguration()
        configuration.hosts = ["127.0.0.1"]
        configuration.allowsPrivateAddresses = true
        configuration.uploadLimit = up
        return try await Space.open(folder.path, scanning: scanning, configuration: configuration, logger: .quiet)
    }

    private func options(_ seeder: Space, part: MediaPart = .whole) async throws -> GetOptions {
        var options = GetOptions(part: part)
        let port = try #require(await seeder.port)
        options.peers = [try #require(Endpoint("127.0.0.1:\(port)"))]
        return options
    }

    @Test(arguments: TorrentFormat.allCases) func aFilmComesByTorrent(_ format: TorrentFormat) async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try from.write("film.mp4", length: 1_000_000)
        let (seeder, viewer) = (try await open(from), try await open(to))
        let id = try await seeder.put(path, PutOptions(format: format))
        let torrent = try #require(seeder.torrent(id))
        try await viewer.download(try await viewer.get(torrent, try await options(seeder)))
        #expect(to.read("film.mp4") == from.read("film.mp4"))
        await viewer.close()
        await seeder.close()
    }

    @Test(arguments: TorrentFormat.allCases) func aFolderComesByMagnet(_ format: TorrentFormat) async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        try from.write("show/one.mp4", length: 100_000, seed: 1)
        try from.write("show/extra/two.mp4", length: 50_000, seed: 2)
        let (seeder, viewer) = (try await open(from), try await open(to))
        let id = try await seeder.put(from.path + "/show", PutOptions(format: format))
        let torrent = try #require(seeder.torrent(id))
        let link = MagnetLink(infoHashV1: format.hasV1 ? id.infoHash : nil, infoHashV2: torrent.infoHashV2)
        let got = try await viewer.get(link, try await options(seeder))
        try await viewer.completion(of: got)
        for name in ["show/one.mp4", "show/extra/two.mp4"] { #expect(to.read(name) == from.read(name)) }
        #expect(viewer.torrent(got)?.infoBytes == torrent.infoBytes)
        await viewer.close()
        await seeder.close()
    }

    @Test func apartComesAloneAndTheRestLater() async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try from.write("film.mp4", length: 2_000_000)
        let (seeder, viewer) = (try await open(from), try await open(to))
        let id = try await seeder.put(path, PutOptions(pieceLength: 65_536))
        let torrent = try #require(seeder.torrent(id))
        let part = MediaPart.bytes(500_000..<600_000)
        try await viewer.completion(of: try await viewer.get(torrent, try await options(seeder, part: part)))
        #expect(try await viewer.status(of: id).downloaded <= 4 * 65_536)
        try await viewer.deliver(id, part: part, to: to.path + "/part")
        #expect(to.read("part") == Array(TemporaryFolder.bytes(2_000_000, seed: 1)[500_000..<600_000]))
        try await viewer.completion(of: try await viewer.get(torrent, try await options(seeder)))
        #expect(to.read("film.mp4") == from.read("film.mp4"))
        await viewer.close()
        await seeder.close()
    }

    @Test func aSecondRunGoesOn() async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try from.write("film.mp4", length: 2_000_000)
        let seeder = try await open(from)
        let id = try await seeder.put(path, PutOptions(pieceLength: 65_536))
        let torrent = try #require(seeder.torrent(id))
        let first = try await open(to)
        let half = try await options(seeder, part: .bytes(0..<1_000_000))
        try await first.completion(of: try await first.get(torrent, half))
        await first.close()
        let second = try await open(to)
        try await second.completion(of: try await second.get(torrent, try await options(seeder)))
        #expect(to.read("film.mp4") == from.read("film.mp4"))
        #expect(try await seeder.status(of: id).uploaded < 2_000_000 + 3 * 65_536)
        await second.close()
        await seeder.close()
    }

    @Test func whatTwoProcessesWantLeavesTheSeedOnce() async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try from.write("film.mp4", length: 3_000_000)
        let seeder = try await open(from, up: 3_000_000)
        let id = try await seeder.put(path)
        let torrent = try #require(seeder.torrent(id))
        let spaces = [try await open(to), try await open(to)]
        let options = try await options(seeder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for space in spaces {
                group.addTask { try await space.completion(of: try await space.get(torrent, options)) }
            }
            try await group.waitForAll()
        }
        #expect(to.read("film.mp4") == from.read("film.mp4"))
        #expect(try await seeder.status(of: id).uploaded <= 3_150_000)
        await spaces[1].close()
        await spaces[0].close()
        await seeder.close()
    }

    @Test func theOthersGoOnWhenTheOwnerLeaves() async throws {
        let (from, to) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try from.write("film.mp4", length: 3_000_000)
        let seeder = try await open(from, up: 2_000_000)
        let id = try await seeder.put(path, PutOptions(pieceLength: 65_536))
        let torrent = try #require(seeder.torrent(id))
        let (owner, guest) = (try await open(to), try await open(to))
        let got = try await guest.get(torrent, try await options(seeder))
        for await status in try await guest.changes(of: got) where status.doneBytes > 300_000 { break }
        await owner.close()
        try await guest.completion(of: got)
        #expect(to.read("film.mp4") == from.read("film.mp4"))
        #expect(try await seeder.status(of: id).uploaded < 4_500_000)
        await guest.close()
        await seeder.close()
    }
}
