import Foundation
import Metainfo
import Synchronization
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct TorrentStorageTests {
    private static let show = [("a.mp4", 70_000), ("sub/b.srt", 5), ("sub/deep/c.mp4", 100_000), ("sub/empty", 0)]

    @Test func nothingIsTouchedBeforeTheFirstWrite() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        let storage = torrent.storage()
        #expect(try storage.isAnythingThere() == false)
        #expect(try storage.facts() == [nil, nil, nil, nil])
        #expect(try FileManager.default.contentsOfDirectory(atPath: torrent.folder).isEmpty)
    }

    @Test(arguments: StoredTorrent.Format.allCases)
    func piecesWrittenInAnyOrderMakeTheFiles(_ format: StoredTorrent.Format) throws {
        let torrent = try StoredTorrent(format, files: Self.show)
        let storage = torrent.storage()
        try storage.prepare()
        for piece in torrent.pieces.shuffled() {
            try storage.write(try torrent.bytes(of: piece), at: try #require(torrent.info.layout.offset(of: piece)))
        }
        torrent.expectWholeFiles()
        #expect(try storage.read(0..<torrent.info.totalLength) == torrent.bytes)
        #expect(try storage.read(69_000..<71_000) == Array(torrent.bytes[69_000..<71_000]))
    }

    @Test func aFileIsSparseAndHasItsLengthFromTheFirstWriteOn() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 4 << 20)])
        let storage = torrent.storage()
        try storage.write([1, 2, 3], at: 3 << 20)
        var facts = stat()
        #expect(lstat(torrent.path(0), &facts) == 0)
        #expect(facts.st_size == 4 << 20)
        #expect(facts.st_blocks * 512 <= 1 << 20)
        #expect(try storage.read((3 << 20) - 2..<(3 << 20) + 4) == [0, 0, 1, 2, 3, 0])
    }

    @Test func missingFoldersAreMadeAboveTheContentToo() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 10)])
        let storage = TorrentStorage(info: torrent.info, folder: torrent.folder + "/new/deeper")
        try storage.write(torrent.bytes, at: 0)
        #expect(FileManager.default.contents(atPath: torrent.folder + "/new/deeper/film.mp4") == Data(torrent.bytes))
    }

    @Test func tenThousandFilesNeedFewDescriptorsAndGoAwayWhole() throws {
        let files = (0..<10_000).map { ("f\($0 % 100)/\($0)", $0 % 7) }
        let torrent = try StoredTorrent(.v1, files: files)
        let storage = torrent.storage(openFiles: 16)
        try storage.prepare()
        for piece in torrent.pieces {
            try storage.write(try torrent.bytes(of: piece), at: try #require(torrent.info.layout.offset(of: piece)))
        }
        #expect(storage.openFileCount <= 16)
        torrent.expectWholeFiles()
        #expect(try storage.facts().map { $0?.size } == files.map { Int64($0.1) })
        #expect(try storage.read(0..<torrent.info.totalLength) == torrent.bytes)
        try storage.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: torrent.folder).isEmpty)
    }

    @Test func removingLeavesFilesOfOthers() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try torrent.writeFiles()
        let other = torrent.folder + "/show/sub/mine.txt"
        try Data("mine".utf8).write(to: URL(filePath: other))
        let storage = torrent.storage()
        try storage.remove()
        #expect(torrent.filesThere == [other])
        #expect(!FileManager.default.fileExists(atPath: torrent.folder + "/show/sub/deep"))
        try storage.remove()
        try torrent.storage().remove()
    }

    @Test func removingWhatWasNeverThereIsNoError() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try torrent.storage().remove()
        try TorrentStorage(info: torrent.info, folder: torrent.folder + "/none").remove()
    }

    @Test func severalThreadsWriteAtOnce() async throws {
        let torrent = try StoredTorrent(.v1, files: (0..<40).map { ("\($0).mp4", 50_000) })
        let storage = torrent.storage(openFiles: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for piece in torrent.pieces where Int(piece.rawValue) % 4 == worker {
                        let offset = try #require(torrent.info.layout.offset(of: piece))
                        try storage.write(try torrent.bytes(of: piece), at: offset)
                    }
                }
            }
            try await group.waitForAll()
        }
        torrent.expectWholeFiles()
    }

    @Test func writingOutsideTheTorrentChangesNothing() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 10)])
        let storage = torrent.storage()
        try storage.write([1, 2, 3, 4], at: 8)
        #expect(torrent.contents(0) == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
        try storage.write([9], at: 100)
        #expect(torrent.contents(0)?.count == 10)
    }

    @Test func aTorrentOfEmptyFilesIsMadeWithoutAByte() throws {
        let torrent = try StoredTorrent(.v1, files: [("a", 0), ("sub/b", 0)])
        #expect(torrent.info.pieceCount == 0)
        try torrent.storage().prepare()
        torrent.expectWholeFiles()
        try torrent.storage().remove()
        #expect(torrent.filesThere.isEmpty)
    }

    @Test func whatWasWrittenIsPutOnTheDisk() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        let storage = torrent.storage(openFiles: 1)
        #expect(try storage.synchronize())
        try storage.write(torrent.bytes, at: 0)
        #expect(try storage.synchronize())
        try FileManager.default.removeItem(atPath: torrent.path(0))
        #expect(throws: StorageError.vanished(path: torrent.path(0))) { try storage.synchronize() }
        let many = try StoredTorrent(.v1, files: (0..<600).map { ("\($0)", 1) })
        let manyFiles = many.storage()
        try manyFiles.write(many.bytes, at: 0)
        #expect(try manyFiles.synchronize() == false)
    }

    @Test func bytesInNoFileAreNamed() throws {
        let torrent = try StoredTorrent(.hybrid, files: [("a", 70_000), ("b", 5), ("c", 100_000)])
        #expect(torrent.storage().map.zeros == [70_000..<98_304, 98_309..<131_072])
        #expect(try StoredTorrent(.v1, files: Self.show).storage().map.zeros.isEmpty)
    }
}
