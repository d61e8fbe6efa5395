import Cryptography
import Foundation
import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Torrents of several files, seeded from a folder.
@Suite(.timeLimit(.minutes(2))) struct SpreadSeedingTests {
    private func torrent(_ format: StoredTorrent.Format) throws -> StoredTorrent {
        let torrent = try StoredTorrent(
            format, files: [("a.mp4", 70_000), ("b.srt", 5), ("c.mp4", 100_000), ("d.txt", 0)])
        try torrent.writeFiles()
        return torrent
    }

    private func hash(of torrent: StoredTorrent) throws -> InfoHash {
        try #require(InfoHash(bytes: Digest.sha1(torrent.infoBytes)))
    }

    private func seeded(_ torrent: StoredTorrent) throws -> SeededTorrent {
        SeededTorrent(
            infoHash: try hash(of: torrent), infoBytes: torrent.infoBytes, layout: torrent.info.layout,
            content: StorageContent(info: torrent.info, folder: torrent.folder))
    }

    @Test(arguments: [StoredTorrent.Format.v1, .hybrid])
    func aLeecherGetsEveryByteAndZerosForPadding(_ format: StoredTorrent.Format) async throws {
        let torrent = try torrent(format)
        let hashes = try torrent.pieces.map { Digest.sha1(try torrent.bytes(of: $0)) }
        try await withEngine { engine, port in
            await engine.add(try seeded(torrent))
            let peer = try await TestPeer.join(try hash(of: torrent), port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.info.layout)
            try await leecher.begin()
            #expect(try await leecher.download(hashes) == torrent.bytes)
            #expect(try await leecher.download(hashes) == torrent.bytes)
        }
    }

    /// One file less does not end the others (F03).
    @Test func onlyBlocksOfAMissingFileAreRejected() async throws {
        let torrent = try torrent(.v1)
        try FileManager.default.removeItem(atPath: torrent.path(2))
        try await withEngine { engine, port in
            await engine.add(try seeded(torrent))
            let peer = try await TestPeer.join(try hash(of: torrent), port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.info.layout)
            try await leecher.begin()
            let (first, last) = (leecher.blocks[0], try #require(leecher.blocks.last))
            for (block, isThere) in [(first, true), (last, false), (first, true)] {
                try await peer.send(.request(block))
                let answer = try await peer.first { if case .extended = $0 { false } else { true } }
                if isThere {
                    guard case .piece(block.piece, block.begin, let data) = answer else {
                        Issue.record("no block")
                        return
                    }
                    #expect(Array(data) == Array(torrent.bytes[..<16_384]))
                } else {
                    #expect(answer == .reject(block))
                }
            }
        }
    }
}
