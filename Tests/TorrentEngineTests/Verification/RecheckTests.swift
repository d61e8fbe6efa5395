import Foundation
import Metainfo
import Synchronization
import Testing

@testable import TorrentEngine

@Suite struct RecheckTests {
    private static let show = [("a.mp4", 70_000), ("b.srt", 5), ("c.mp4", 100_000), ("d.txt", 0)]

    private func check(_ torrent: StoredTorrent, calls: FileCalls = .system) throws -> [UInt32] {
        let job = RecheckJob(storage: torrent.storage(calls: calls), truth: torrent.truth)
        job.work()
        let have = try job.result()
        return torrent.pieces.filter { have[$0] }.map(\.rawValue)
    }

    @Test(arguments: StoredTorrent.Format.allCases)
    func wholeFilesAreWhole(_ format: StoredTorrent.Format) throws {
        let torrent = try StoredTorrent(format, files: Self.show)
        try torrent.writeFiles()
        #expect(try check(torrent) == torrent.pieces.map(\.rawValue))
    }

    @Test(arguments: StoredTorrent.Format.allCases)
    func nothingThereIsNothing(_ format: StoredTorrent.Format) throws {
        let torrent = try StoredTorrent(format, files: Self.show)
        #expect(try check(torrent).isEmpty)
        #expect(torrent.filesThere.isEmpty)
    }

    @Test func changedMissingAndCutFilesLackTheirPieces() throws {
        let torrent = try StoredTorrent(.hybrid, files: [("a", 70_000), ("b", 5), ("c", 100_000), ("d", 40_000)])
        try torrent.writeFiles()
        var changed = try #require(torrent.contents(0))
        changed[40_000] ^= 1
        try Data(changed).write(to: URL(filePath: torrent.path(0)))
        try FileManager.default.removeItem(atPath: torrent.path(2))
        #expect(truncate(torrent.path(4), 50_000) == 0)
        // a: pieces 0 to 2, b: 3, c: 4 to 7, d: 8 and 9.
        #expect(try check(torrent) == [0, 2, 4, 8, 9])
    }

    @Test func holesAreNotGoodUnlessZerosAreRight() throws {
        let random = try StoredTorrent(.v1, files: [("film.mp4", 1 << 20)])
        try random.storage().write(Array(random.bytes[0..<32_768]), at: 0)
        #expect(try check(random) == [0])
        for format in StoredTorrent.Format.allCases {
            let zeros = try StoredTorrent(format, files: [("film.mp4", 150_000)], zeros: true)
            #expect(FileManager.default.createFile(atPath: zeros.path(0), contents: nil))
            #expect(truncate(zeros.path(0), 150_000) == 0)
            #expect(try check(zeros).count == zeros.info.pieceCount)
        }
    }

    @Test func holesAreNotRead() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 1 << 20)])
        let storage = torrent.storage()
        try storage.write([1], at: 0)
        let reads = Mutex(0)
        var calls = FileCalls.system
        calls.read = { descriptor, room, offset in
            reads.withLock { $0 += room.count }
            return FileCalls.system.read(descriptor, room, offset)
        }
        #expect(try check(torrent, calls: calls).isEmpty)
        #expect(reads.withLock { $0 } < 1 << 20)
    }

    @Test func readErrorsEndTheCheck() throws {
        let torrent = try StoredTorrent(.v1, files: Self.show)
        try torrent.writeFiles()
        var calls = FileCalls.system
        calls.read = { _, _, _ in
            errno = EIO
            return -1
        }
        #expect(throws: StorageError.unreadable(path: torrent.path(0), errno: EIO)) { try check(torrent, calls: calls) }
    }

    @Test func linksEndTheCheck() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 10)])
        try FileManager.default.createSymbolicLink(atPath: torrent.path(0), withDestinationPath: "/etc/passwd")
        #expect(throws: StorageError.unsafePath(path: torrent.path(0))) { try check(torrent) }
    }

    @Test func severalWorkersShareOneCheck() async throws {
        let torrent = try StoredTorrent(.v1, files: (0..<30).map { ("\($0)", 60_000) })
        try torrent.writeFiles()
        try FileManager.default.removeItem(atPath: torrent.path(10))
        let seen = Mutex<[RecheckJob.Progress]>([])
        let job = RecheckJob(
            storage: torrent.storage(openFiles: 4), truth: torrent.truth,
            onProgress: { progress in seen.withLock { $0.append(progress) } })
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { job.work() } }
        }
        let have = try job.result()
        let missing = torrent.storage().pieces(of: 10)
        for piece in torrent.pieces { #expect(have[piece] == !missing.contains(piece.rawValue)) }
        let total = torrent.info.pieceCount
        let progress = seen.withLock { $0 }
        #expect(Set(progress.map(\.checked)) == Set(1...total))
        #expect(job.progress == RecheckJob.Progress(checked: total, total: total, good: have.setCount))
    }

    @Test func onlyTheNamedPiecesAreLookedAt() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 150_000)])
        try torrent.writeFiles()
        var have = Bitfield(full: torrent.info.pieceCount)
        have[4] = false
        #expect(truncate(torrent.path(0), 33_000) == 0)
        let job = RecheckJob(
            storage: torrent.storage(), truth: torrent.truth, pieces: [PieceIndex(0), PieceIndex(1)], have: have)
        job.work()
        let found = try job.result()
        #expect((0..<5).map { found[$0] } == [true, false, true, true, false])
    }

    @Test func aCancelledCheckStops() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 150_000)])
        try torrent.writeFiles()
        let checked = Mutex(0)
        let job = RecheckJob(
            storage: torrent.storage(), truth: torrent.truth, isCancelled: { checked.withLock { $0 } >= 2 },
            onProgress: { progress in checked.withLock { $0 = progress.checked } })
        job.work()
        #expect(job.progress.checked == 2)
        #expect(try job.result().setCount == 2)
    }
}
