import Cryptography
import Foundation
import Metainfo
import Synchronization
import Testing
import TorrentCreation

@Suite struct MakeTorrentTests {
    @Test func oneFile() async throws {
        let folder = try TemporaryFolder()
        let bytes = pattern(600_000)
        let path = try folder.write(bytes, "film.mp4")
        let torrent = try await makeTorrent(path: path)
        let info = try TorrentInfo(decoding: torrent.infoBytes)
        #expect(info.name == "film.mp4")
        #expect(info.pieceLength == 262_144)
        #expect(info.totalLength == 600_000)
        #expect(info.isSingleFile)
        #expect(Array(info.pieces.prefix(20)) == Digest.sha1(Array(bytes[..<262_144])))
        #expect(torrent.infoHash.bytes == Digest.sha1(torrent.infoBytes))
        #expect(torrent == (try await makeTorrent(path: path)))
    }

    @Test func aTreeInTheOrderOfItsPaths() async throws {
        let folder = try TemporaryFolder()
        try folder.write(pattern(10), "tree/b.txt")
        try folder.write(pattern(40_000), "tree/a/2.txt")
        try folder.write([], "tree/a/1.txt")
        try folder.write(pattern(7), "tree/c/d/e.txt")
        let torrent = try await makeTorrent(
            path: folder.path("tree"), options: CreationOptions(pieceLength: 16_384, isPrivate: true))
        let info = try TorrentInfo(decoding: torrent.infoBytes)
        #expect(info.name == "tree")
        #expect(info.isPrivate)
        #expect(info.files.map(\.path) == [["a", "1.txt"], ["a", "2.txt"], ["b.txt"], ["c", "d", "e.txt"]])
        let all = pattern(40_000) + pattern(10) + pattern(7)
        let expected = stride(from: 0, to: all.count, by: 16_384).flatMap {
            Digest.sha1(Array(all[$0..<min($0 + 16_384, all.count)]))
        }
        #expect(info.pieces == expected)
    }

    @Test func linksMayNotLeadOut() async throws {
        let folder = try TemporaryFolder()
        try folder.write(pattern(5), "secret")
        try folder.write(pattern(10), "tree/a")
        let link = folder.path("tree/link")
        for target in ["../secret", "/etc/hostname", "nowhere", "../tree-evil"] {
            try folder.write(pattern(5), "tree-evil")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            await #expect(throws: TorrentCreationError.linkRefused(path: link)) {
                try await makeTorrent(path: folder.path("tree"))
            }
            try FileManager.default.removeItem(atPath: link)
        }
    }

    @Test func linksToFilesInsideCountAsFilesAndLinksToFoldersDoNot() async throws {
        let folder = try TemporaryFolder()
        try folder.write(pattern(10), "tree/a/file")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("tree/b"), withDestinationPath: "a/file")
        let torrent = try await makeTorrent(path: folder.path("tree"))
        #expect(try TorrentInfo(decoding: torrent.infoBytes).files.map(\.path) == [["a", "file"], ["b"]])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("tree/loop"), withDestinationPath: ".")
        await #expect(throws: TorrentCreationError.linkRefused(path: folder.path("tree/loop"))) {
            try await makeTorrent(path: folder.path("tree"))
        }
    }

    @Test func thingsThatCannotBeShared() async throws {
        let folder = try TemporaryFolder()
        await #expect(throws: TorrentCreationError.unreadable(path: folder.path("none"), code: ENOENT)) {
            try await makeTorrent(path: folder.path("none"))
        }
        let empty = try folder.write([], "empty")
        await #expect(throws: TorrentCreationError.empty(path: empty)) { try await makeTorrent(path: empty) }
        try folder.write([1], "tree/a")
        #expect(mkfifo(folder.path("tree/pipe"), 0o600) == 0)
        await #expect(throws: TorrentCreationError.notAFile(path: folder.path("tree/pipe"))) {
            try await makeTorrent(path: folder.path("tree"))
        }
        await #expect(throws: TorrentCreationError.badPieceLength(1000)) {
            try await makeTorrent(path: folder.path("tree/a"), options: CreationOptions(pieceLength: 1000))
        }
    }

    @Test func tellsHowFarItIs() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(pattern(100_000), "film.mp4")
        let seen = Mutex<[CreationProgress]>([])
        _ = try await makeTorrent(path: path, options: CreationOptions(pieceLength: 16_384, workers: 1)) { progress in
            seen.withLock { $0.append(progress) }
        }
        let hashed = seen.withLock { $0.map(\.hashedLength) }
        #expect(hashed == [16_384, 32_768, 49_152, 65_536, 81_920, 98_304, 100_000])
        #expect(seen.withLock { $0.allSatisfy { $0.totalLength == 100_000 } })
    }

    @Test func agreesWithMktorrent() async throws {
        let search = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard let tool = search.map({ "\($0)/mktorrent" }).first(where: FileManager.default.isExecutableFile) else {
            print("skipped: mktorrent is not installed")
            return
        }
        let folder = try TemporaryFolder()
        try folder.write(pattern(300_000), "tree/one.bin")
        try folder.write(pattern(70_000), "tree/sub/two.bin")
        for name in ["tree", "tree/one.bin"] {
            let output = folder.path("out.torrent")
            try? FileManager.default.removeItem(atPath: output)
            let process = Process()
            process.executableURL = URL(filePath: tool)
            process.arguments = ["-l", "16", "-o", output, folder.path(name)]
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let theirs = try Torrent(decoding: Array(Data(contentsOf: URL(filePath: output))))
            let ours = try await makeTorrent(
                path: folder.path(name), options: CreationOptions(pieceLength: 65_536))
            #expect(ours.infoHash == InfoHash(sha1Of: theirs.infoBytes))
        }
    }
}
