import Foundation
import Metainfo
import NIOCore
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

/// Content in several files, as it is served.
@Suite struct SpreadContentTests {
    private func torrent(_ format: StoredTorrent.Format = .hybrid) throws -> StoredTorrent {
        let torrent = try StoredTorrent(
            format, files: [("a.mp4", 70_000), ("b.srt", 5), ("c.mp4", 100_000), ("d.txt", 0)])
        try torrent.writeFiles()
        return torrent
    }

    private func blocks(_ torrent: StoredTorrent, length: UInt32 = 16_384) throws -> [QueuedBlock] {
        try torrent.pieces.flatMap { piece in
            let whole = UInt32(try #require(torrent.info.layout.length(of: piece)))
            return try stride(from: 0, to: whole, by: Int(length)).map { begin in
                let request = BlockRequest(piece: piece, begin: begin, length: min(length, whole - begin))
                let block = try #require(
                    torrent.info.layout.block(
                        piece: piece.rawValue, begin: begin, length: request.length, limit: 1 << 17))
                return QueuedBlock(request: request, offset: block.offset)
            }
        }
    }

    private func expected(_ torrent: StoredTorrent, _ blocks: [QueuedBlock]) -> [UInt8] {
        blocks.flatMap { block in
            PeerMessage.piece(
                block.request.piece, begin: block.request.begin,
                data: torrent.bytes[Int(block.offset)..<Int(block.offset) + block.length]
            ).encoded()
        }
    }

    @Test(arguments: StoredTorrent.Format.allCases, [UInt32(16_384), 1_000, 32_768])
    func blocksAcrossFilesAndPaddingAreWhole(_ format: StoredTorrent.Format, _ length: UInt32) async throws {
        let torrent = try torrent(format)
        let file = try await StorageContent(torrent.storage()).open()
        #expect(file.size == torrent.info.totalLength)
        let blocks = try blocks(torrent, length: length)
        var buffer = ByteBuffer()
        BlockReader.layOut(blocks, in: &buffer)
        #expect(BlockReader.readWaiting(blocks, from: file, into: &buffer) == .complete)
        #expect(Array(buffer.readableBytesView) == expected(torrent, blocks))
    }

    /// Opening a file may wait for a disk, so the loop leaves it to a worker and reads from the cache afterwards.
    @Test func theCacheIsReadOnceTheFilesAreOpen() async throws {
        let torrent = try torrent()
        let file = try await StorageContent(torrent.storage()).open()
        let blocks = try blocks(torrent)
        var buffer = ByteBuffer()
        var vectors = ReadVectors()
        BlockReader.layOut(blocks, in: &buffer)
        #expect(BlockReader.readCached(blocks, from: file, into: &buffer, vectors: &vectors) == .mayBlock)
        #expect(BlockReader.readWaiting(blocks, from: file, into: &buffer) == .complete)
        BlockReader.layOut(blocks, in: &buffer)
        let outcome = BlockReader.readCached(blocks, from: file, into: &buffer, vectors: &vectors)
        if outcome == .complete {
            #expect(Array(buffer.readableBytesView) == expected(torrent, blocks))
        } else {
            // A file system without RWF_NOWAIT.
            #expect(outcome == .mayBlock)
        }
    }

    @Test func aFileThatIsMissingOrCutIsNeverComplete() async throws {
        let torrent = try torrent()
        let content = StorageContent(torrent.storage())
        let file = try await content.open()
        let blocks = try blocks(torrent)
        var buffer = ByteBuffer()
        var vectors = ReadVectors()
        BlockReader.layOut(blocks, in: &buffer)
        #expect(BlockReader.readWaiting(blocks, from: file, into: &buffer) == .complete)
        #expect(truncate(torrent.path(0), 10) == 0)
        #expect(BlockReader.readCached(blocks, from: file, into: &buffer, vectors: &vectors) == .mayBlock)
        #expect(BlockReader.readWaiting(blocks, from: file, into: &buffer) == .failed(.truncated))
        try FileManager.default.removeItem(atPath: torrent.path(0))
        await content.discard()
        #expect(
            BlockReader.readWaiting(blocks, from: file, into: &buffer) == .failed(.unreadable(errno: ENOENT)))
    }

    @Test func oneFileIsServedByItsDescriptor() async throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 50_000)])
        let content = StorageContent(info: torrent.info, folder: torrent.folder)
        await #expect(throws: ContentError.unreadable(errno: ENOENT)) { try await content.open() }
        try torrent.writeFiles()
        let file = try await content.open()
        #expect(file.descriptor >= 0)
        #expect(file.size == 50_000)
        #expect(truncate(torrent.path(0), 40_000) == 0)
        #expect(try await content.open().size == 40_000)
    }

    @Test func linksAreNoContent() async throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 50_000)])
        try FileManager.default.createSymbolicLink(atPath: torrent.path(0), withDestinationPath: "/etc/passwd")
        let content = StorageContent(info: torrent.info, folder: torrent.folder)
        await #expect(throws: ContentError.unreadable(errno: ELOOP)) { try await content.open() }
    }
}
