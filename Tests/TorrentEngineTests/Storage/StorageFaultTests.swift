import Foundation
import Metainfo
import Synchronization
import TestSupport
import Testing

@testable import TorrentEngine

/// What others do to the folder, and what disks do (F02, F03, F04).
@Suite struct StorageFaultTests {
    private static let show = [("a.mp4", 70_000), ("sub/b.mp4", 100_000)]

    // MARK: Things in the way

    @Test func aSymbolicLinkInPlaceOfAFileIsNotFollowed() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 10)])
        let outside = torrent.folder + "/outside.txt"
        try Data("precious".utf8).write(to: URL(filePath: outside))
        try FileManager.default.createSymbolicLink(atPath: torrent.path(0), withDestinationPath: outside)
        let storage = torrent.storage()
        let expected = StorageError.unsafePath(path: torrent.path(0))
        #expect(throws: expected) { try storage.write(torrent.bytes, at: 0) }
        #expect(throws: expected) { try storage.read(0..<10) }
        #expect(throws: expected) { try storage.prepare() }
        #expect(throws: expected) { try storage.facts() }
        #expect(FileManager.default.contents(atPath: outside) == Data("precious".utf8))
        #expect(expected.description.contains("symbolic link"))
    }

    @Test(arguments: ["show", "show/sub"])
    func aSymbolicLinkInPlaceOfAFolderIsNotFollowed(_ link: String) throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        let outside = torrent.folder + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        if link != "show" {
            try FileManager.default.createDirectory(
                atPath: torrent.folder + "/show", withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: torrent.folder + "/" + link, withDestinationPath: outside)
        let storage = torrent.storage()
        let expected = StorageError.unsafePath(path: torrent.folder + "/" + link)
        #expect(throws: expected) { try storage.write([1], at: 80_000) }
        #expect(throws: expected) { try storage.read(80_000..<80_001) }
        #expect(throws: expected) { try storage.remove() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
    }

    @Test func aLinkPutInLaterIsNotFollowedEither() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        let storage = torrent.storage(openFiles: 1)
        try storage.write([1], at: 80_000)
        try storage.write([1], at: 0)
        try FileManager.default.removeItem(atPath: torrent.folder + "/show/sub")
        try FileManager.default.createSymbolicLink(
            atPath: torrent.folder + "/show/sub", withDestinationPath: "/tmp")
        #expect(throws: StorageError.unsafePath(path: torrent.folder + "/show/sub")) {
            try storage.write([1], at: 80_000)
        }
    }

    @Test func foldersPipesAndFilesInTheWayAreTold() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try FileManager.default.createDirectory(
            atPath: torrent.folder + "/show/a.mp4", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: torrent.folder + "/show/sub"))
        let storage = torrent.storage()
        #expect(throws: StorageError.notAFile(path: torrent.folder + "/show/a.mp4")) { try storage.write([1], at: 0) }
        #expect(throws: StorageError.notAFile(path: torrent.folder + "/show/a.mp4")) { try storage.prepare() }
        #expect(throws: StorageError.notAFile(path: torrent.folder + "/show/sub")) {
            try storage.write([1], at: 80_000)
        }
        try FileManager.default.removeItem(atPath: torrent.folder + "/show/a.mp4")
        #expect(mkfifo(torrent.folder + "/show/a.mp4", 0o600) == 0)
        #expect(throws: StorageError.notAFile(path: torrent.folder + "/show/a.mp4")) { try storage.write([1], at: 0) }
        #expect(throws: StorageError.notAFile(path: torrent.folder + "/show/a.mp4")) { try storage.read(0..<1) }
    }

    @Test func aLongerFileOfThatNameIsNotOverwritten() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 10)])
        try Data("a long diary of mine".utf8).write(to: URL(filePath: torrent.path(0)))
        let storage = torrent.storage()
        let expected = StorageError.foreignFile(path: torrent.path(0))
        #expect(throws: expected) { try storage.prepare() }
        #expect(throws: expected) { try storage.write(torrent.bytes, at: 0) }
        #expect(torrent.contents(0) == Array("a long diary of mine".utf8))
        #expect(expected.description.contains("Move it away"))
    }

    @Test func aFileInPlaceOfAnEmptyOneIsNotOverwritten() throws {
        let torrent = try StoredTorrent(.v1, files: [("a", 0), ("b", 10)])
        try torrent.writeFiles()
        try Data([1]).write(to: URL(filePath: torrent.path(0)))
        #expect(throws: StorageError.foreignFile(path: torrent.path(0))) { try torrent.storage().prepare() }
    }

    @Test func aFileWithoutOneGoodPieceIsSomebodyElses() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try torrent.writeFiles()
        let storage = torrent.storage()
        var have = Bitfield(count: torrent.info.pieceCount)
        have[0] = true
        #expect(try storage.foreignFile(besides: have) == torrent.path(1))
        have[3] = true
        #expect(try storage.foreignFile(besides: have) == nil)
        #expect(try storage.foreignFile(besides: Bitfield(count: torrent.info.pieceCount)) == torrent.path(0))
    }

    // MARK: Content changed under us

    @Test(arguments: [1, 32])
    func aDeletedFileIsNoticedBeforeMoreIsWritten(_ openFiles: Int) throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        let storage = torrent.storage(openFiles: openFiles)
        try storage.write([1], at: 0)
        try storage.write([1], at: 80_000)
        try FileManager.default.removeItem(atPath: torrent.path(0))
        let expected = StorageError.vanished(path: torrent.path(0))
        #expect(throws: expected) { try storage.write([1], at: 0) }
        #expect(throws: expected) { try storage.write([1], at: 0) }
        #expect(expected.needsCheck)
        storage.reset()
        try storage.write([1], at: 0)
        #expect(torrent.contents(0)?.count == 70_000)
    }

    @Test func aTruncatedFileIsNoticedBeforeMoreIsWritten() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let storage = torrent.storage()
        try storage.write([1], at: 90_000)
        #expect(truncate(torrent.path(0), 50_000) == 0)
        let expected = StorageError.truncated(path: torrent.path(0))
        #expect(throws: expected) { try storage.write([1], at: 0) }
        #expect(throws: expected) { try storage.read(40_000..<60_000) }
        #expect(try storage.read(0..<100).count == 100)
        storage.reset()
        try storage.write([1], at: 0)
        #expect(torrent.contents(0)?.count == 100_000)
    }

    @Test func readingWhatIsNotThereIsUnreadable() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try FileManager.default.createDirectory(
            atPath: torrent.folder + "/show", withIntermediateDirectories: true)
        #expect(throws: StorageError.unreadable(path: torrent.path(0), errno: ENOENT)) {
            try torrent.storage().read(0..<10)
        }
        let missing = TorrentStorage(info: torrent.info, folder: torrent.folder + "/none")
        #expect(throws: StorageError.unreadable(path: torrent.folder + "/none", errno: ENOENT)) {
            try missing.read(0..<10)
        }
    }

    // MARK: Disks

    /// Writes that fail with `code` from the `first` on.
    private func failing(_ code: CInt, from first: Int = 0) -> FileCalls {
        let count = Counter()
        var calls = FileCalls.system
        calls.write = { descriptor, vectors, offset in
            guard count.next() < first else {
                errno = code
                return -1
            }
            return FileCalls.system.write(descriptor, vectors, offset)
        }
        return calls
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        func next() -> Int {
            value.withLock { value in
                defer { value += 1 }
                return value
            }
        }
    }

    @Test(arguments: [ENOSPC, EDQUOT])
    func aFullDiskIsToldAsSuch(_ code: CInt) throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let storage = torrent.storage(calls: failing(code, from: 1))
        try storage.write([7], at: 0)
        let error = StorageError.thrown { try storage.write([7], at: 1) }
        #expect(error == .diskFull(path: torrent.path(0)))
        #expect(error?.needsCheck == false)
        #expect(error?.description == "The disk is full: \(torrent.path(0)) cannot be written. Make room and resume.")
        #expect(try storage.read(0..<2) == [7, 0])
    }

    @Test(arguments: [EIO, EROFS, EFBIG])
    func otherWriteErrorsNameTheirReason(_ code: CInt) throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let error = StorageError.thrown { try torrent.storage(calls: failing(code)).write([7], at: 1) }
        #expect(error == .unwritable(path: torrent.path(0), errno: code))
        #expect(error?.description == "\(torrent.path(0)) cannot be written: \(String(cString: strerror(code))).")
    }

    @Test func shortAndInterruptedCallsAreContinued() throws {
        let torrent = try StoredTorrent(.v1, files: [("a", 1_000), ("b", 1_000)])
        let count = Counter()
        let calls = FileCalls(
            write: { descriptor, vectors, offset in
                if count.next() % 3 == 2 {
                    errno = EINTR
                    return -1
                }
                var first = vectors[0]
                first.iov_len = min(first.iov_len, 70)
                return FileCalls.system.write(descriptor, [first], offset)
            },
            read: { descriptor, room, offset in
                if count.next() % 3 == 2 {
                    errno = EINTR
                    return -1
                }
                return FileCalls.system.read(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, 33)]), offset)
            })
        let storage = torrent.storage(calls: calls)
        let parts = stride(from: 0, to: 2_000, by: 130).map { Array(torrent.bytes[$0..<min($0 + 130, 2_000)]) }
        let copies = parts.map { part in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: part.count, alignment: 1)
            copy.copyBytes(from: part)
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        try storage.write(copies.map { UnsafeRawBufferPointer($0) }, at: 0)
        torrent.expectWholeFiles()
        #expect(try storage.read(0..<2_000) == torrent.bytes)
    }

    @Test func readErrorsNameTheFile() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        try torrent.writeFiles()
        var calls = FileCalls.system
        calls.read = { _, _, _ in
            errno = EIO
            return -1
        }
        let error = StorageError.thrown { _ = try torrent.storage(calls: calls).read(0..<10) }
        #expect(error == .unreadable(path: torrent.path(0), errno: EIO))
        #expect(error?.description == "\(torrent.path(0)) cannot be read: Input/output error.")
    }

    @Test func everyErrorIsASentence() {
        let all: [StorageError] = [
            .diskFull(path: "/x"), .unwritable(path: "/x", errno: EACCES), .unreadable(path: "/x", errno: EIO),
            .truncated(path: "/x"), .vanished(path: "/x"), .unsafePath(path: "/x"), .notAFile(path: "/x"),
            .foreignFile(path: "/x"), .inconsistentHashes(piece: 7),
        ]
        #expect(Set(all.map(\.description)).count == all.count)
        for error in all {
            #expect(error.description.hasSuffix("."))
            #expect(error.description.contains("/x") || error.description.contains("piece 7"))
        }
    }
}
