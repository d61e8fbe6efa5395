import Foundation
import Metainfo
import NIOCore
import PeerWire
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct BlockReaderTests {
    private func request(_ torrent: MadeTorrent, _ piece: UInt32, _ begin: UInt32, _ length: UInt32) throws
        -> QueuedBlock
    {
        let block = try #require(torrent.layout.block(piece: piece, begin: begin, length: length, limit: 1 << 17))
        return QueuedBlock(
            request: BlockRequest(piece: PieceIndex(piece), begin: begin, length: length), offset: block.offset)
    }

    /// Runs of neighbours, jumps, repetitions, a short last block.
    private func requests(_ torrent: MadeTorrent) throws -> [QueuedBlock] {
        try [
            request(torrent, 0, 0, 16_384), request(torrent, 0, 16_384, 16_384), request(torrent, 2, 100, 1),
            request(torrent, 0, 49_152, 16_384), request(torrent, 1, 0, 65_536), request(torrent, 0, 0, 16_384),
            request(torrent, 4, 37_855, 1),
        ]
    }

    private func expected(_ torrent: MadeTorrent) throws -> [UInt8] {
        try requests(torrent).flatMap { block in
            let start = Int(block.offset)
            return PeerMessage.piece(
                block.request.piece, begin: block.request.begin, data: torrent.bytes[start..<start + block.length]
            ).encoded()
        }
    }

    @Test func aBatchIsThePieceMessagesOneAfterTheOther() throws {
        let torrent = try MadeTorrent()
        let file = try ContentFile(opening: torrent.path)
        var buffer = ByteBuffer()
        BlockReader.layOut(try requests(torrent), in: &buffer)
        #expect(BlockReader.readWaiting(try requests(torrent), from: file, into: &buffer) == .complete)
        #expect(try Array(buffer.readableBytesView) == expected(torrent))
    }

    @Test func readingFromTheCacheGivesTheSameOrNothing() throws {
        let torrent = try MadeTorrent()
        let file = try ContentFile(opening: torrent.path)
        var buffer = ByteBuffer()
        var vectors = ReadVectors()
        BlockReader.layOut(try requests(torrent), in: &buffer)
        let outcome = BlockReader.readCached(
            try requests(torrent), from: file, into: &buffer, vectors: &vectors)
        if outcome == .complete {
            #expect(try Array(buffer.readableBytesView) == expected(torrent))
        } else {
            // A file system without RWF_NOWAIT.
            #expect(outcome == .mayBlock)
        }
    }

    @Test func aShortFileIsNeverComplete() throws {
        let torrent = try MadeTorrent()
        let file = try ContentFile(opening: torrent.path)
        #expect(truncate(torrent.path, 299_999) == 0)
        let last = [try request(torrent, 4, 37_855, 1)]
        var buffer = ByteBuffer()
        var vectors = ReadVectors()
        BlockReader.layOut(last, in: &buffer)
        #expect(BlockReader.readCached(last, from: file, into: &buffer, vectors: &vectors) == .mayBlock)
        #expect(BlockReader.readWaiting(last, from: file, into: &buffer) == .failed(.truncated))
    }

    private final class Nobody: Sendable {}

    @Test func aBadDescriptorIsUnreadable() throws {
        let torrent = try MadeTorrent()
        var buffer = ByteBuffer()
        let blocks = try requests(torrent)
        BlockReader.layOut(blocks, in: &buffer)
        #expect(
            BlockReader.readWaiting(
                blocks, from: ContentFile(descriptor: -1, size: 300_000, ownedBy: Nobody()), into: &buffer)
                == .failed(.unreadable(errno: EBADF)))
    }

    @Test func foldersAndMissingFilesAreNoContent() {
        #expect(throws: ContentError.unreadable(errno: EINVAL)) { try ContentFile(opening: "/") }
        #expect(throws: ContentError.unreadable(errno: ENOENT)) { try ContentFile(opening: "/does/not/exist") }
    }
}
