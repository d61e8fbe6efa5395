import Foundation
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct ResumeStateTests {
    private func state(_ torrent: StoredTorrent) throws -> ResumeState {
        var state = ResumeState(infoHash: try #require(InfoHash(bytes: [UInt8](repeating: 3, count: 20))))
        state.infoBytes = torrent.infoBytes
        state.pieceLayers = torrent.pieceLayers
        state.have = Bitfield(full: torrent.info.pieceCount)
        state.files = try torrent.storage().facts()
        state.partials = [PartialPiece(piece: PieceIndex(1), blocks: Bitfield(full: 2))]
        state.wanted = [100..<200, 0..<50]
        state.isInOrder = true
        (state.uploaded, state.downloaded, state.wasted) = (1, 2, 1 << 60)
        state.isPaused = true
        state.bootID = ResumeState.currentBootID()
        return state
    }

    private func torrent() throws -> StoredTorrent {
        let torrent = try StoredTorrent(.hybrid, files: [("a", 70_000), ("b", 0), ("c", 100_000)])
        try torrent.writeFiles()
        return torrent
    }

    @Test func aStateComesBackAsItWas() throws {
        let torrent = try torrent()
        let state = try state(torrent)
        #expect(ResumeState(decoding: state.encoded()) == state)
        let path = torrent.folder + "/state"
        try state.save(to: path)
        #expect(ResumeState.load(from: path) == state)
        let empty = ResumeState(infoHash: state.infoHash)
        try empty.save(to: path)
        #expect(ResumeState.load(from: path) == empty)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test func otherFilesAreNoState() throws {
        let torrent = try torrent()
        let bytes = try state(torrent).encoded()
        #expect(ResumeState(decoding: []) == nil)
        #expect(ResumeState(decoding: Array("de".utf8)) == nil)
        #expect(ResumeState(decoding: Array(bytes.dropLast())) == nil)
        #expect(ResumeState(decoding: bytes + [0]) == nil)
        #expect(ResumeState(decoding: torrent.infoBytes) == nil)
        #expect(ResumeState.load(from: torrent.folder + "/none") == nil)
        #expect(ResumeState.load(from: torrent.folder) == nil)
        #expect(ResumeState.load(from: "/dev/zero") == nil)
    }

    /// Spoilt states are refused or read as something consistent in itself; nothing traps.
    @Test func spoiltStatesNeverTrap() throws {
        let torrent = try torrent()
        let original = try state(torrent)
        let bytes = original.encoded()
        var generator = SplitMix64(seed: 11)
        for _ in 0..<3_000 {
            var spoilt = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<spoilt.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: spoilt[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: spoilt.remove(at: place)
                default: spoilt.insert(UInt8(ascii: "9"), at: place)
                }
            }
            guard let read = ResumeState(decoding: spoilt) else { continue }
            #expect(read.uploaded >= 0 && read.downloaded >= 0 && read.wasted >= 0)
            #expect(ResumeState(decoding: read.encoded()) == read)
            if let doubtful = try read.doubtfulPieces(in: torrent.storage()) {
                #expect(doubtful.allSatisfy { Int($0.rawValue) < torrent.info.pieceCount })
            }
        }
    }

    @Test func countsBeyondReasonAreRefused() throws {
        let hash = "9:info hash20:" + String(repeating: "x", count: 20)
        func decode(_ extra: (have: String, partials: String)) -> ResumeState? {
            let text =
                "d10:downloadedi0e5:files0:6:format18:reelswarm resume 1\(extra.have)\(hash)"
                + "8:partialsl\(extra.partials)e"
                + "11:piece counti9223372036854775807e8:uploadedi0e6:wastedi0ee"
            return ResumeState(decoding: Array(text.utf8))
        }
        #expect(decode(("", "")) != nil)
        #expect(decode(("4:have0:", "")) == nil)
        #expect(decode(("", "li0ei9223372036854775807e0:e")) == nil)
        #expect(decode(("", "li-1ei0e0:e")) == nil)
        #expect(decode(("", "li0ei8e1:x")) == nil)
    }

    @Test func savingThatFailsLeavesTheOldState() throws {
        let torrent = try torrent()
        let state = try state(torrent)
        let path = torrent.folder + "/state"
        try state.save(to: path)
        // Nothing can be written where a folder stands.
        try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: true)
        let error = StorageError.thrown { try ResumeState(infoHash: state.infoHash).save(to: path) }
        #expect(error == .unwritable(path: path + ".new", errno: EISDIR))
        #expect(ResumeState.load(from: path) == state)
        #expect(throws: StorageError.unwritable(path: torrent.folder + "/none/x.new", errno: ENOENT)) {
            try state.save(to: torrent.folder + "/none/x")
        }
    }

    @Test func savingDoesNotFollowALinkLaidInItsWay() throws {
        let torrent = try torrent()
        let precious = torrent.folder + "/precious"
        try Data([1, 2, 3]).write(to: URL(filePath: precious))
        let path = torrent.folder + "/state"
        try FileManager.default.createSymbolicLink(atPath: path + ".new", withDestinationPath: precious)
        let state = try state(torrent)
        #expect(StorageError.thrown { try state.save(to: path) } != nil)
        #expect(FileManager.default.contents(atPath: precious) == Data([1, 2, 3]))
        // The link is gone now, so the next time it works.
        try state.save(to: path)
        #expect(ResumeState.load(from: path) == state)
    }

    // MARK: What is in doubt

    @Test func nothingIsInDoubtWhenNothingWasChanged() throws {
        let torrent = try torrent()
        #expect(try state(torrent).doubtfulPieces(in: torrent.storage()) == [])
    }

    @Test func changedMissingAndNewFilesAreInDoubt() throws {
        let torrent = try torrent()
        let state = try state(torrent)
        // a: pieces 0 to 2, c: 3 to 6.
        var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, torrent.path(0), &times, 0) == 0)
        #expect(try state.doubtfulPieces(in: torrent.storage())?.map(\.rawValue) == [0, 1, 2])
        try FileManager.default.removeItem(atPath: torrent.path(0))
        #expect(try state.doubtfulPieces(in: torrent.storage())?.map(\.rawValue) == [0, 1, 2])
        #expect(truncate(torrent.path(torrent.info.files.count - 1), 5) == 0)
        #expect(try state.doubtfulPieces(in: torrent.storage())?.count == 7)
    }

    @Test func afterAnotherStartOnlyWhatWasOnTheDiskCounts() throws {
        let torrent = try torrent()
        var state = try state(torrent)
        state.bootID = Array("another".utf8)
        #expect(try state.doubtfulPieces(in: torrent.storage())?.count == torrent.info.pieceCount)
        state.isSynchronized = true
        #expect(try state.doubtfulPieces(in: torrent.storage()) == [])
        state.bootID = []
        state.isSynchronized = false
        #expect(try state.doubtfulPieces(in: torrent.storage())?.count == torrent.info.pieceCount)
    }

    @Test func aStateOfAnotherTorrentDoesNotFit() throws {
        let torrent = try torrent()
        var state = try state(torrent)
        state.have = Bitfield(full: 3)
        #expect(try state.doubtfulPieces(in: torrent.storage()) == nil)
        state.have = nil
        #expect(try state.doubtfulPieces(in: torrent.storage()) == nil)
        state = try self.state(torrent)
        state.files.removeLast()
        #expect(try state.doubtfulPieces(in: torrent.storage()) == nil)
    }

    /// Totals are added to: a file may not bring them near the end of the numbers.
    @Test(arguments: [Int64.max, 1 << 61, -1]) func totalsThatCannotBeTrueAreNoState(_ total: Int64) throws {
        var state = try state(torrent())
        state.downloaded = total
        #expect(ResumeState(decoding: state.encoded()) == nil)
    }
}
