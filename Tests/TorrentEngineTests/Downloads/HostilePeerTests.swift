import ByteCoding
import Metainfo
import PeerWire
import Testing
import TorrentEngine

/// Downloads among peers that lie.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
    /// A seed of the torrent that sends other bytes.
    private func poisoned(_ made: MadeTorrent, _ change: (inout [UInt8]) -> Void) throws -> (SeededTorrent, TestFolder)
    {
        let folder = try TestFolder()
        var bytes = made.bytes
        change(&bytes)
        try folder.write(bytes, to: "other")
        return (made.seeded(content: FileContent(path: folder.path + "/other")), folder)
    }

    /// Hazard P05: all pieces of a poisoned seed are refused, it is banned, and a good seed completes the file.
    @Test func aPoisonedSeedIsBannedAndTheGoodOneCompletes() async throws {
        let made = try MadeTorrent(length: 2_000_000, pieceLength: 65_536)
        let (bad, kept) = try poisoned(made) { bytes in for index in bytes.indices { bytes[index] ^= 0xff } }
        let folder = try TestFolder()
        try await withEngine { liar, liarPort in
            await liar.add(bad)
            try await withEngine(torrents: [made]) { _, port in
                try await withDownloader { engine, _ in
                    let peers = [try DownloadTests.endpoint(liarPort), try DownloadTests.endpoint(port)]
                    var added = try made.download(to: folder, from: [peers[0]])
                    added.sharesWhenDone = false
                    let hash = try await engine.add(added)
                    try await eventually { await engine.status(of: hash)?.wasted ?? 0 > 0 }
                    await engine.addPeers([peers[1]], to: hash, namedFrom: .loopback)
                    let status = try await engine.reaches(hash) { $0 == .done }
                    #expect(folder.bytes(of: "film.mp4") == made.bytes)
                    #expect(status.wasted > 0)
                    await engine.resume(hash)
                    await engine.addPeers([peers[0]], to: hash, namedFrom: .loopback)
                    #expect(await liar.peers(of: hash).isEmpty)
                }
            }
        }
        _ = kept
    }

    /// One bad block is enough to be found, though the piece came from two peers.
    @Test func whoSentTheOneBadBlockIsBannedAndNobodyElse() async throws {
        let made = try MadeTorrent(length: 4 * 65_536, pieceLength: 65_536)
        let (bad, kept) = try poisoned(made) { bytes in
            for index in stride(from: 0, to: bytes.count, by: 16_384) { bytes[index] ^= 1 }
        }
        let folder = try TestFolder()
        try await withEngine { liar, liarPort in
            await liar.add(bad)
            try await withEngine(torrents: [made]) { seed, port in
                try await withDownloader { engine, _ in
                    let peers = [try DownloadTests.endpoint(liarPort), try DownloadTests.endpoint(port)]
                    let hash = try await engine.add(made.download(to: folder, from: peers))
                    try await engine.reaches(hash) { $0 == .seeding }
                    #expect(folder.bytes(of: "film.mp4") == made.bytes)
                    // Nothing of the liar's is of use.
                    try await eventually { seed.uploaded(hash) >= 4 * 65_536 }
                }
            }
        }
        _ = kept
    }

    /// Hazard P06: metadata longer than 4 MiB is not asked for, and the connection stays.
    @Test func metadataOfAnImpossibleSizeIsIgnored() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            let hash = try await engine.add(made.magnet(to: folder))
            let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
            let handshake = ExtensionHandshake(messageIDs: ["ut_metadata": 3], metadataSize: 5 << 20)
            try await peer.send(.extended(id: 0, payload: handshake.encoded()[...]), .haveAll)
            let good = ExtensionHandshake(messageIDs: ["ut_metadata": 3], metadataSize: made.info.count)
            try await peer.send(.extended(id: 0, payload: good.encoded()[...]))
            let asked = try await peer.first { if case .extended(3, _) = $0 { true } else { false } }
            guard case .extended(_, let payload)? = asked else { throw EngineError.unknownTorrent }
            #expect(try MetadataMessage(decoding: payload) == .request(piece: 0))
        }
    }

    /// Gives a downloader the metadata of a magnet by hand.
    private func give(_ info: [UInt8], in folder: TestFolder, to engine: SwarmEngine, _ port: UInt16) async throws
        -> InfoHash
    {
        let hash = try #require(MadeTorrent.hash(of: info))
        try await engine.add(TorrentToAdd(magnet: MagnetLink(infoHashV1: hash), folder: folder.path))
        let peer = try await TestPeer.join(hash, port: Int(port))
        let handshake = ExtensionHandshake(messageIDs: ["ut_metadata": 3], metadataSize: info.count)
        try await peer.send(.extended(id: 0, payload: handshake.encoded()[...]))
        _ = try await peer.first { if case .extended(3, _) = $0 { true } else { false } }
        let data = MetadataMessage.data(piece: 0, totalSize: info.count, block: info)
        try await peer.send(.extended(id: 2, payload: data.encoded()[...]))
        return hash
    }

    /// Hazard P06, CVE-2026-57079: a path that leads outside is made safe, though the hash is right.
    @Test func pathsInMetadataFromPeersStayInTheFolder() async throws {
        let info = InfoDictionary.multiFileV1(
            name: "..", files: [TorrentFile(path: ["..", "..", "evil"], length: 10, offset: 0)], pieceLength: 16_384,
            pieces: [UInt8](repeating: 0, count: 20))
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            let hash = try await give(info, in: folder, to: engine, endpoint.port)
            let status = try await engine.reaches(hash) { $0 == .downloading }
            #expect(status.name == "__")
            #expect(await engine.torrent(of: hash)?.info.files.first?.path == ["__", "__", "evil"])
        }
    }

    @Test func metadataThatIsNoTorrentFailsWithASentence() async throws {
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            let hash = try await give(Array("de".utf8), in: folder, to: engine, endpoint.port)
            let status = try await engine.reaches(hash) { if case .failed = $0 { true } else { false } }
            #expect("\(status.state)".contains("metadata cannot be used"))
        }
    }

    @Test func blocksOfAPeerThatWasNotAskedClose() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            let hash = try await engine.add(made.download(to: folder))
            try await engine.reaches(hash) { $0 == .downloading }
            let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
            let block = PeerMessage.piece(PieceIndex(0), begin: 0, data: [UInt8](repeating: 0, count: 16_384)[...])
            try? await peer.send(block)
            _ = try await peer.rest()
            #expect(await engine.status(of: hash)?.downloaded == 0)
            #expect(folder.bytes(of: "film.mp4")?.allSatisfy { $0 == 0 } ?? true)
        }
    }

    /// BEP 3: a block longer than what we ask for is refused by its length prefix.
    @Test func longBlocksClose() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            let hash = try await engine.add(made.download(to: folder))
            try await engine.reaches(hash) { $0 == .downloading }
            let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
            try? await peer.send(.piece(PieceIndex(0), begin: 0, data: [UInt8](repeating: 0, count: 16_385)[...]))
            _ = try await peer.rest()
        }
    }
}
