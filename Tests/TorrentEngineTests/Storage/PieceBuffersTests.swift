import Foundation
import Metainfo
import Synchronization
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct PieceBuffersTests {
    private static let show = [("a.mp4", 70_000), ("b.srt", 5), ("c.mp4", 100_000), ("d.txt", 0)]

    /// Stores a piece in parts of `size` bytes.
    private func store(
        _ piece: PieceIndex, of torrent: StoredTorrent, in buffers: PieceBuffers, size: Int = 16_384
    ) throws {
        let bytes = try torrent.bytes(of: piece)
        for begin in stride(from: 0, to: bytes.count, by: size) {
            buffers.store(
                piece: piece, begin: UInt32(begin), bytes: bytes[begin..<min(begin + size, bytes.count)])
        }
    }

    private func isGood(_ outcome: VerifyOutcome) -> Bool { if case .good = outcome { true } else { false } }

    @Test(arguments: StoredTorrent.Format.allCases, [16_384, 1_000, 40_000])
    func piecesBecomeFiles(_ format: StoredTorrent.Format, _ size: Int) throws {
        let torrent = try StoredTorrent(format, files: Self.show)
        let storage = torrent.storage()
        try storage.prepare()
        let buffers = PieceBuffers(storage: storage, truth: torrent.truth)
        for piece in torrent.pieces.shuffled() {
            try store(piece, of: torrent, in: buffers, size: size)
            let job = try #require(buffers.job(for: piece))
            #expect(isGood(job.run()))
            buffers.finished(job)
        }
        torrent.expectWholeFiles()
        #expect(buffers.unfinished.isEmpty)
        #expect(buffers.memoryInUse == 0)
    }

    @Test func badDataNeverReachesTheDisk() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        var bytes = try torrent.bytes(of: PieceIndex(0))
        bytes[20_000] ^= 1
        buffers.store(piece: PieceIndex(0), begin: 0, bytes: bytes)
        let job = try #require(buffers.job(for: PieceIndex(0)))
        guard case .bad(let bad) = job.run() else {
            Issue.record("accepted")
            return
        }
        #expect(bad.blocks == nil)
        #expect(bad.digests.digestLength == 20)
        #expect(bad.digests.count == 2)
        buffers.finished(job)
        #expect(torrent.filesThere.isEmpty)
        #expect(buffers.memoryInUse == 0)
        #expect(buffers.unfinished.isEmpty)
    }

    @Test func aPieceWithMissingBlocksHasNoJob() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        #expect(buffers.job(for: PieceIndex(0)) == nil)
        let bytes = try torrent.bytes(of: PieceIndex(0))
        #expect(buffers.store(piece: PieceIndex(0), begin: 16_384, bytes: bytes[16_384...]))
        #expect(!buffers.store(piece: PieceIndex(0), begin: 16_384, bytes: bytes[16_384...]))
        #expect(buffers.job(for: PieceIndex(0)) == nil)
        #expect(buffers.store(piece: PieceIndex(0), begin: 0, bytes: bytes[..<16_384]))
        #expect(buffers.job(for: PieceIndex(0)) != nil)
        #expect(buffers.job(for: PieceIndex(0)) == nil)
    }

    @Test func bytesOutsideAPieceAreRefused() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        let block = [UInt8](repeating: 1, count: 16_384)
        #expect(!buffers.store(piece: PieceIndex(4), begin: 0, bytes: block))
        #expect(!buffers.store(piece: PieceIndex(.max), begin: 0, bytes: block))
        #expect(!buffers.store(piece: PieceIndex(0), begin: 16_385, bytes: block))
        #expect(!buffers.store(piece: PieceIndex(0), begin: .max, bytes: block))
        #expect(!buffers.store(piece: PieceIndex(3), begin: 0, bytes: block))
        #expect(!buffers.store(piece: PieceIndex(0), begin: 0, bytes: [UInt8]()))
        #expect(buffers.unfinished.isEmpty)
    }

    @Test func memoryIsUsedAgainAndForgottenPiecesGiveItBack() throws {
        var pool = BlockPool(kept: 1)
        let (first, second) = (pool.lend(), pool.lend())
        pool.giveBack(first)
        pool.giveBack(second)
        #expect(pool.lend() === first)
        #expect(pool.lend() !== second)
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        buffers.store(piece: PieceIndex(0), begin: 0, bytes: [1, 2, 3])
        #expect(buffers.memoryInUse == 16_384)
        buffers.forget(PieceIndex(0))
        #expect(buffers.memoryInUse == 0)
        buffers.store(piece: PieceIndex(1), begin: 0, bytes: [1, 2, 3])
        buffers.forgetAll()
        #expect(buffers.unfinished.isEmpty)
    }

    /// Whatever peers send for padding, the piece is checked with zeros there (BEP 47).
    @Test func paddingIsZerosWhateverPeersSend() throws {
        let torrent = try StoredTorrent(.hybrid, files: Self.show)
        let storage = torrent.storage()
        let buffers = PieceBuffers(storage: storage, truth: torrent.truth)
        for piece in torrent.pieces {
            var bytes = try torrent.bytes(of: piece)
            let offset = try #require(torrent.info.layout.offset(of: piece))
            for index in bytes.indices where storage.map.file(at: offset + Int64(index)) == nil { bytes[index] = 0xff }
            buffers.store(piece: piece, begin: 0, bytes: bytes)
            let job = try #require(buffers.job(for: piece))
            #expect(isGood(job.run()))
            buffers.finished(job)
        }
        try storage.prepare()
        torrent.expectWholeFiles()
    }

    @Test func paddingNeedNotBeSent() throws {
        let torrent = try StoredTorrent(.hybrid, files: Self.show)
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        // The second file: 5 bytes of a piece of 32 KiB.
        let piece = PieceIndex(3)
        buffers.store(piece: piece, begin: 0, bytes: try torrent.bytes(of: piece)[..<5])
        let job = try #require(buffers.job(for: piece))
        #expect(isGood(job.run()))
    }

    // MARK: Outcomes

    @Test func onlyTheBadBlocksAreAskedAgainWhereTheirHashesAreKnown() throws {
        let torrent = try StoredTorrent(.v2, files: [("film.mp4", 300_000)], pieceLength: 65_536)
        let truth = PieceTruth(
            info: torrent.info, layerHash: { torrent.truth.expectation(of: $0)?.tree?.root },
            leafHashes: { torrent.leaves(of: $0) })
        let buffers = PieceBuffers(storage: torrent.storage(), truth: truth)
        let good = try torrent.bytes(of: PieceIndex(1))
        var bytes = good
        bytes[16_384] ^= 1
        bytes[65_535] ^= 1
        buffers.store(piece: PieceIndex(1), begin: 0, bytes: bytes)
        let job = try #require(buffers.job(for: PieceIndex(1)))
        guard case .bad(let bad) = job.run() else {
            Issue.record("accepted")
            return
        }
        #expect(bad.blocks == [1, 3])
        buffers.finished(job)
        #expect(buffers.memoryInUse == 2 * 16_384)
        #expect(buffers.store(piece: PieceIndex(1), begin: 16_384, bytes: good[16_384..<32_768]))
        #expect(!buffers.store(piece: PieceIndex(1), begin: 32_768, bytes: good[32_768..<49_152]))
        #expect(buffers.job(for: PieceIndex(1)) == nil)
        #expect(buffers.store(piece: PieceIndex(1), begin: 49_152, bytes: good[49_152...]))
        let again = try #require(buffers.job(for: PieceIndex(1)))
        #expect(isGood(again.run()))
        buffers.finished(again)
        #expect(Array(torrent.contents(0)?[65_536..<131_072] ?? []) == good)
    }

    @Test func aHybridWhoseHashesDisagreeIsBroken() throws {
        let torrent = try StoredTorrent(.hybrid, files: [("film.mp4", 100_000)])
        let truth = PieceTruth(info: torrent.info) { _ in [UInt8](repeating: 7, count: 32) }
        let buffers = PieceBuffers(storage: torrent.storage(), truth: truth)
        try store(PieceIndex(0), of: torrent, in: buffers)
        let job = try #require(buffers.job(for: PieceIndex(0)))
        guard case .inconsistent = job.run() else {
            Issue.record("not noticed")
            return
        }
        buffers.finished(job)
        #expect(torrent.filesThere.isEmpty)
        #expect(buffers.memoryInUse == 0)
        // Bad data matches neither.
        buffers.store(piece: PieceIndex(0), begin: 0, bytes: [UInt8](repeating: 0, count: 32_768))
        let bad = try #require(buffers.job(for: PieceIndex(0)))
        guard case .bad = bad.run() else {
            Issue.record("not bad")
            return
        }
    }

    @Test func aPieceWaitsForItsHash() throws {
        let torrent = try StoredTorrent(.v2, files: [("film.mp4", 100_000)])
        let known = Mutex(false)
        let truth = PieceTruth(info: torrent.info) { piece in
            known.withLock { $0 } ? torrent.truth.expectation(of: piece)?.tree?.root : nil
        }
        let buffers = PieceBuffers(storage: torrent.storage(), truth: truth)
        try store(PieceIndex(0), of: torrent, in: buffers)
        let job = try #require(buffers.job(for: PieceIndex(0)))
        guard case .unverifiable = job.run() else {
            Issue.record("verified")
            return
        }
        buffers.finished(job)
        #expect(torrent.filesThere.isEmpty)
        known.withLock { $0 = true }
        let again = try #require(buffers.job(for: PieceIndex(0)))
        #expect(isGood(again.run()))
    }

    @Test func nothingIsLostWhenTheDiskIsFull() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let isFull = Mutex(true)
        var calls = FileCalls.system
        calls.write = { descriptor, vectors, offset in
            guard isFull.withLock({ $0 }) else { return FileCalls.system.write(descriptor, vectors, offset) }
            errno = ENOSPC
            return -1
        }
        let storage = torrent.storage(calls: calls)
        let buffers = PieceBuffers(storage: storage, truth: torrent.truth)
        for piece in torrent.pieces {
            try store(piece, of: torrent, in: buffers)
            let job = try #require(buffers.job(for: piece))
            guard case .failed(let error) = job.run() else {
                Issue.record("written")
                return
            }
            #expect(error == .diskFull(path: torrent.path(0)))
            buffers.finished(job)
        }
        isFull.withLock { $0 = false }
        storage.reset()
        for piece in torrent.pieces {
            let job = try #require(buffers.job(for: piece))
            #expect(isGood(job.run()))
            buffers.finished(job)
        }
        torrent.expectWholeFiles()
    }

    /// F04: a piece is called good only when all of it is written, whichever write fails.
    @Test(arguments: 1...12) func aPieceIsGoodOnlyWhenAllOfItIsWritten(_ period: Int) throws {
        let torrent = try StoredTorrent(.hybrid, files: (0..<9).map { ("\($0)", 20_000) }, pieceLength: 16_384)
        let count = Mutex(0)
        var calls = FileCalls.system
        calls.write = { descriptor, vectors, offset in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number % period == 0, number < 100 else {
                return FileCalls.system.write(descriptor, vectors, offset)
            }
            errno = number % 2 == 0 ? ENOSPC : EIO
            return -1
        }
        let storage = torrent.storage(openFiles: 2, calls: calls)
        let buffers = PieceBuffers(storage: storage, truth: torrent.truth)
        for piece in torrent.pieces {
            try store(piece, of: torrent, in: buffers)
            var attempts = 0
            while let job = buffers.job(for: piece), attempts < 200 {
                attempts += 1
                if isGood(job.run()) {
                    let offset = try #require(torrent.info.layout.offset(of: piece))
                    let bytes = try torrent.bytes(of: piece)
                    #expect(try storage.read(offset..<offset + Int64(bytes.count)) == bytes)
                }
                buffers.finished(job)
            }
            #expect(buffers.unfinished.isEmpty)
        }
        torrent.expectWholeFiles()
    }

    // MARK: More than fits in memory

    @Test(arguments: StoredTorrent.Format.allCases)
    func unfinishedPiecesGoToTheDiskAndAreReadBack(_ format: StoredTorrent.Format) throws {
        let torrent = try StoredTorrent(format, files: Self.show)
        let storage = torrent.storage()
        try storage.prepare()
        let buffers = PieceBuffers(storage: storage, truth: torrent.truth, memoryLimit: 4 * 16_384)
        var flushes = 0
        for half in [0..<16_384, 16_384..<32_768] {
            for piece in torrent.pieces {
                let bytes = try torrent.bytes(of: piece)
                let range = half.clamped(to: bytes.indices)
                buffers.store(piece: piece, begin: UInt32(range.lowerBound), bytes: bytes[range])
                guard let job = buffers.flushJob() else { continue }
                flushes += 1
                #expect(buffers.flushJob() == nil)
                #expect(job.run() == nil)
                #expect(buffers.flushed(job).isEmpty)
                #expect(buffers.memoryInUse <= 4 * 16_384)
            }
        }
        #expect(flushes > 0)
        for piece in torrent.pieces {
            let job = try #require(buffers.job(for: piece))
            #expect(isGood(job.run()))
            buffers.finished(job)
        }
        torrent.expectWholeFiles()
    }

    @Test func aBadBlockOnTheDiskIsFoundAndReplaced() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 32_768)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        let piece = PieceIndex(0)
        buffers.store(piece: piece, begin: 0, bytes: [UInt8](repeating: 9, count: 16_384))
        let flush = try #require(buffers.flushAllJob())
        #expect(flush.run() == nil)
        #expect(buffers.flushed(flush).isEmpty)
        buffers.store(piece: piece, begin: 16_384, bytes: torrent.bytes[16_384...])
        let job = try #require(buffers.job(for: piece))
        guard case .bad(let bad) = job.run() else {
            Issue.record("accepted")
            return
        }
        #expect(bad.digests.count == 2)
        buffers.finished(job)
        try store(piece, of: torrent, in: buffers)
        let again = try #require(buffers.job(for: piece))
        #expect(isGood(again.run()))
        torrent.expectWholeFiles()
    }

    /// An old write under way could otherwise overtake that of the checked piece.
    @Test func aPieceThatIsBeingFlushedIsCheckedAfterwards() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 32_768)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        let piece = PieceIndex(0)
        buffers.store(piece: piece, begin: 0, bytes: torrent.bytes[..<16_384])
        let flush = try #require(buffers.flushAllJob())
        buffers.store(piece: piece, begin: 16_384, bytes: torrent.bytes[16_384...])
        #expect(buffers.job(for: piece, wantsDigests: true) == nil)
        #expect(flush.run() == nil)
        let jobs = buffers.flushed(flush)
        #expect(jobs.count == 1)
        guard case .good(let digests) = try #require(jobs.first).run() else {
            Issue.record("not good")
            return
        }
        #expect(digests?.count == 2)
        torrent.expectWholeFiles()
    }

    @Test func aForgottenPieceWaitsForItsOldWriteToo() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 32_768)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        let piece = PieceIndex(0)
        buffers.store(piece: piece, begin: 0, bytes: [UInt8](repeating: 9, count: 16_384))
        let flush = try #require(buffers.flushAllJob())
        buffers.forget(piece)
        try store(piece, of: torrent, in: buffers)
        #expect(buffers.job(for: piece) == nil)
        #expect(flush.run() == nil)
        let job = try #require(buffers.flushed(flush).first)
        #expect(isGood(job.run()))
        buffers.finished(job)
        torrent.expectWholeFiles()
        #expect(buffers.memoryInUse == 0)
    }

    @Test func aFlushThatFailsLosesNothing() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 65_536)])
        let isFull = Mutex(true)
        var calls = FileCalls.system
        calls.write = { descriptor, vectors, offset in
            guard isFull.withLock({ $0 }) else { return FileCalls.system.write(descriptor, vectors, offset) }
            errno = ENOSPC
            return -1
        }
        let buffers = PieceBuffers(storage: torrent.storage(calls: calls), truth: torrent.truth)
        for piece in torrent.pieces { try store(piece, of: torrent, in: buffers) }
        let flush = try #require(buffers.flushAllJob())
        #expect(flush.run() == .diskFull(path: torrent.path(0)))
        #expect(buffers.flushed(flush).isEmpty)
        #expect(buffers.partials.isEmpty)
        isFull.withLock { $0 = false }
        for piece in torrent.pieces {
            let job = try #require(buffers.job(for: piece))
            #expect(isGood(job.run()))
        }
        torrent.expectWholeFiles()
    }

    @Test func blocksLeftOnTheDiskAreTakenUpAgain() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let before = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        let piece = PieceIndex(1)
        let bytes = try torrent.bytes(of: piece)
        before.store(piece: piece, begin: 0, bytes: bytes[..<16_384])
        before.store(piece: piece, begin: 16_384, bytes: bytes[16_384..<20_000])
        let flush = try #require(before.flushAllJob())
        #expect(flush.run() == nil)
        #expect(before.flushed(flush).isEmpty)
        let partials = before.partials
        #expect(partials.count == 1)
        let after = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        #expect(partials.flatMap { after.restore($0) } == [0..<16_384])
        #expect(after.restore(partials[0]).isEmpty)
        #expect(after.partials == partials)
        after.store(piece: piece, begin: 16_384, bytes: bytes[16_384...])
        let job = try #require(after.job(for: piece))
        #expect(isGood(job.run()))
    }

    @Test func partialPiecesThatDoNotFitAreLeftOut() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth)
        #expect(buffers.restore(PartialPiece(piece: PieceIndex(9), blocks: Bitfield(full: 2))).isEmpty)
        #expect(buffers.restore(PartialPiece(piece: PieceIndex(0), blocks: Bitfield(full: 3))).isEmpty)
        #expect(buffers.restore(PartialPiece(piece: PieceIndex(0), blocks: Bitfield(count: 2))).isEmpty)
        #expect(buffers.unfinished.isEmpty)
    }

    @Test func readingFromPeersIsHeldWhenTheWorkersAreBehind() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 1 << 20)])
        let buffers = PieceBuffers(storage: torrent.storage(), truth: torrent.truth, memoryLimit: 8 * 16_384)
        var jobs: [VerifyJob] = []
        for piece in torrent.pieces.prefix(4) {
            #expect(!buffers.isFull)
            try store(piece, of: torrent, in: buffers)
            jobs.append(try #require(buffers.job(for: piece)))
        }
        #expect(buffers.isFull)
        for job in jobs {
            #expect(isGood(job.run()))
            buffers.finished(job)
            buffers.finished(job)
        }
        #expect(!buffers.isFull)
        #expect(buffers.memoryInUse == 0)
    }

    /// Random blocks of random pieces, some bad, with flushes in between: what is called good is right on disk.
    @Test func randomOrdersAlwaysEndWithTheRightFiles() throws {
        for seed in 0..<12 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let format = StoredTorrent.Format.allCases[Int(seed % 3)]
            let torrent = try StoredTorrent(format, files: Self.show, pieceLength: 65_536, seed: seed)
            let storage = torrent.storage(openFiles: 2)
            try storage.prepare()
            let buffers = PieceBuffers(storage: storage, truth: torrent.truth, memoryLimit: 5 * 16_384)
            var left = Set(torrent.pieces)
            var jobs: [VerifyJob] = []
            var flush: FlushJob?
            var rounds = 0
            while !left.isEmpty, rounds < 20_000 {
                rounds += 1
                let piece = try #require(left.sorted().randomElement(using: &generator))
                var bytes = try torrent.bytes(of: piece)
                if Int.random(in: 0..<20, using: &generator) == 0 { bytes[bytes.count / 2] ^= 0xff }
                let begin = Int.random(in: 0...(bytes.count - 1) / 16_384, using: &generator) * 16_384
                buffers.store(
                    piece: piece, begin: UInt32(begin), bytes: bytes[begin..<min(begin + 16_384, bytes.count)])
                if let job = buffers.job(for: piece) { jobs.append(job) }
                if flush == nil { flush = buffers.flushJob() }
                if let job = flush, Bool.random(using: &generator) {
                    #expect(job.run() == nil)
                    jobs += buffers.flushed(job)
                    flush = nil
                }
                guard Bool.random(using: &generator), let job = jobs.popLast() else { continue }
                if isGood(job.run()) { left.remove(job.piece) }
                buffers.finished(job)
            }
            #expect(left.isEmpty)
            torrent.expectWholeFiles()
        }
    }
}
