import ByteCoding
import Metainfo
import Testing
import TorrentEngine

@Suite(.timeLimit(.minutes(1))) struct ListeningTests {
    @Test func bothFamiliesListenAtOnePort() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(hosts: ["127.0.0.1", "::1"], torrents: [torrent]) { engine, port in
            for host in ["127.0.0.1", "::1"] {
                let peer = try await TestPeer.connect(port: port, host: host)
                try await peer.send(handshake: torrent.hash, mode: .fast)
                #expect(try await peer.handshake()?.infoHash == torrent.hash)
            }
            let families = await engine.peers(of: torrent.hash).map(\.endpoint.address.isIPv4)
            #expect(Set(families) == [true, false])
        }
    }

    @Test func aPortInUseIsAnError() async throws {
        try await withEngine { _, port in
            let second = SwarmEngine(
                configuration: EngineConfiguration(hosts: ["127.0.0.1"], port: port), logger: .init(label: "test"))
            await #expect(throws: (any Error).self) { try await second.start() }
            await second.stop()
        }
    }

    @Test func thousandsOfIdleTorrentsAreOnlyEntries() async throws {
        let torrent = try MadeTorrent()
        try await withEngine { engine, port in
            for number in UInt32(0)..<10_000 {
                var bytes = [UInt8](repeating: 0, count: 16)
                bytes.append(bigEndian: number)
                let hash = try #require(InfoHash(bytes: bytes))
                await engine.add(
                    SeededTorrent(infoHash: hash, layout: torrent.layout, content: FileContent(path: "/nowhere")) {
                        Issue.record("an idle torrent was read")
                        return []
                    })
            }
            await engine.add(torrent.seeded)
            let statistics = await engine.statistics()
            #expect(statistics.torrents == 10_001)
            #expect(statistics.activeTorrents == 0 && statistics.openFiles == 0)
            let leecher = TestLeecher(peer: try await TestPeer.join(torrent.hash, port: port), layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
        }
    }

    @Test func aStoppedEngineAnswersNothing() async throws {
        let torrent = try MadeTorrent()
        let engine = SwarmEngine(
            configuration: EngineConfiguration(hosts: ["127.0.0.1"], port: 0), logger: .init(label: "test"))
        let port = try await engine.start()
        await engine.add(torrent.seeded)
        let peer = try await TestPeer.join(torrent.hash, port: port)
        await engine.stop()
        _ = try await peer.rest()
        #expect(await engine.peers(of: torrent.hash).isEmpty)
        await #expect(throws: (any Error).self) { try await TestPeer.connect(port: port) }
        await engine.stop()
    }
}
