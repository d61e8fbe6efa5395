import ByteCoding
import Bencode
import Metainfo
import PeerWire
import Testing
import TorrentEngine

/// Whole downloads from a listening engine.
@Suite(.timeLimit(.minutes(1))) struct SeedingTests {
    @Test(arguments: [TestPeer.Mode.plain, .fast]) func aLeecherGetsTheWholeFile(_ mode: TestPeer.Mode) async throws {
        let torrent = try MadeTorrent(length: 1_000_003)
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port, mode: mode)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            try await peer.close()
            try await eventually { engine.uploaded(torrent.hash) == 1_000_003 }
            #expect(engine.drainUploaded() == [torrent.hash: 1_000_003])
            #expect(engine.drainUploaded().isEmpty)
            #expect(engine.uploadedTotals() == [torrent.hash: 1_000_003])
        }
    }

    @Test(arguments: [1, 16_383, 16_384, 65_536]) func blocksOfAnyLengthAreServed(_ length: Int) async throws {
        let torrent = try MadeTorrent(length: length == 1 ? 300 : 200_000)
        try await withEngine(torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout, blockLength: length, pipeline: 500)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
        }
    }

    @Test func fiveLeechersOfTwoTorrentsAreServedAtOnce() async throws {
        let torrents = [try MadeTorrent(length: 700_000, seed: 2), try MadeTorrent(length: 500_000, seed: 3)]
        try await withEngine(torrents: torrents) { _, port in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<5 {
                    let torrent = torrents[index % 2]
                    group.addTask {
                        let peer = try await TestPeer.join(torrent.hash, port: port)
                        let leecher = TestLeecher(peer: peer, layout: torrent.layout)
                        try await leecher.begin()
                        return try await leecher.download(torrent.pieceHashes) == torrent.bytes
                    }
                }
                for try await isEqual in group { #expect(isEqual) }
            }
        }
    }

    @Test func aTorrentIsFoundByItsAlias() async throws {
        let torrent = try MadeTorrent()
        let alias = try #require(InfoHash(bytes: [UInt8](repeating: 7, count: 20)))
        try await withEngine { engine, port in
            await engine.add(torrent.seeded(content: FileContent(path: torrent.path), aliases: [alias]))
            let peer = try await TestPeer.join(alias, port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
        }
    }

    @Test func metadataComesFromABareMagnet() async throws {
        // More than two metadata blocks: 20 bytes for each of 2,000 pieces.
        let torrent = try MadeTorrent(length: 2_000_000, pieceLength: 1_000)
        try await withEngine(torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let ours = ExtensionHandshake(messageIDs: ["ut_metadata": 9])
            try await peer.send(.extended(id: 0, payload: ours.encoded()[...]))
            let theirs = try await Self.extensionHandshake(from: peer)
            let id = try #require(theirs.messageID(of: "ut_metadata"))
            #expect(theirs.metadataSize == torrent.info.count)
            #expect(theirs.client == "Reelswarm 0.1")
            #expect(theirs.isUploadOnly)
            #expect(theirs.yourIP == IPAddress("127.0.0.1"))
            #expect(theirs.requestQueue == EngineLimits().queuedRequests)
            var info: [UInt8] = []
            for piece in 0..<(torrent.info.count + 16_383) / 16_384 {
                try await peer.send(.extended(id: id, payload: MetadataMessage.request(piece: piece).encoded()[...]))
                info += try await Self.metadata(from: peer, id: 9)
            }
            #expect(info == torrent.info)
        }
    }

    @Test func infoBytesThatDoNotMatchAreNotServed() async throws {
        let torrent = try MadeTorrent()
        let wrong = SeededTorrent(
            infoHash: torrent.hash, infoBytes: torrent.info + [0x65], layout: torrent.layout,
            content: FileContent(path: torrent.path))
        try await withEngine { engine, port in
            await engine.add(wrong)
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let theirs = try await Self.extensionHandshake(from: peer)
            #expect(theirs.metadataSize == nil)
            #expect(theirs.messageID(of: "ut_metadata") == nil)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await peer.send(.interested)
            try #require(try await peer.first { $0 == .unchoke } != nil)
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
        }
    }

    @Test func thePeerListTellsWhoIsThere() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port, name: "-TR3000-abcdefghijkl")
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            try await peer.send(.have(PieceIndex(0)))
            _ = try await leecher.download(torrent.pieceHashes)
            try await eventually { await engine.peers(of: torrent.hash).first?.uploaded == 300_000 }
            let status = try #require(await engine.peers(of: torrent.hash).first)
            #expect(status.client == "Transmission 3.0.0" || status.client.hasPrefix("Transmission"))
            #expect(status.endpoint.address == IPAddress("127.0.0.1"))
            #expect(status.progress == 1.0 / Double(torrent.layout.pieceCount))
            #expect(status.isInterested && !status.isChoked && status.isIncoming)
        }
    }

    @Test func anEmptyTorrentDoesNoHarm() async throws {
        let torrent = try MadeTorrent(length: 0)
        try await withEngine(torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port, mode: .plain)
            try await peer.send(.interested)
            #expect(try await peer.next() == .unchoke)
        }
    }

    static func extensionHandshake(from peer: TestPeer) async throws -> ExtensionHandshake {
        let message = try await peer.first { if case .extended(0, _) = $0 { true } else { false } }
        guard case .extended(_, let payload)? = message else {
            Issue.record("no extension handshake")
            return ExtensionHandshake()
        }
        return try ExtensionHandshake(decoding: payload)
    }

    static func metadata(from peer: TestPeer, id: UInt8) async throws -> [UInt8] {
        let message = try await peer.first { if case .extended(id, _) = $0 { true } else { false } }
        guard case .extended(_, let payload)? = message,
            case .data(_, _, let block) = try MetadataMessage(decoding: payload)
        else {
            Issue.record("no metadata")
            return []
        }
        return block
    }
}
