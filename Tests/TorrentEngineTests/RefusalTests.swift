import ByteCoding
import Metainfo
import NIOCore
import PeerWire
import Testing
import TorrentEngine

/// Connections that must end, and how (HAZARDS P02, P03, P04, P08).
@Suite(.timeLimit(.minutes(1))) struct RefusalTests {
    @Test func anUnknownTorrentGetsNoByte() async throws {
        try await withEngine { _, port in
            let peer = try await TestPeer.connect(port: port)
            try await peer.send(handshake: try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20))), mode: .fast)
            #expect(try await peer.handshake() == nil)
            #expect(peer.received == 0)
        }
    }

    @Test func aRemovedTorrentDropsItsPeersAndIsUnknown() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            await engine.remove(torrent.hash)
            _ = try await peer.rest()
            let late = try await TestPeer.connect(port: port)
            try await late.send(handshake: torrent.hash, mode: .fast)
            #expect(try await late.handshake() == nil)
            #expect(late.received == 0)
            #expect(await engine.statistics().torrents == 0)
        }
    }

    /// HAZARDS P08: whatever came before the removal is right, and nothing follows it.
    @Test func removalInTheMiddleOfADownloadSendsNothingWrong() async throws {
        let torrent = try MadeTorrent(length: 8_000_000, pieceLength: 262_144)
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            try await peer.send(leecher.blocks.flatMap { PeerMessage.request($0).encoded() })
            var blocks = 0
            while let message = try await peer.next() {
                guard case .piece(let piece, let begin, let data) = message else { continue }
                let offset = Int(try #require(torrent.layout.offset(of: piece))) + Int(begin)
                #expect(data.elementsEqual(torrent.bytes[offset..<offset + data.count]))
                blocks += 1
                if blocks == 3 { await engine.remove(torrent.hash) }
            }
            #expect(blocks >= 3)
        }
    }

    @Test func switchedOffTheEngineRefusesEverything() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            await engine.setEnabled(false)
            #expect(!engine.isEnabled)
            _ = try await peer.rest()
            let refused = try await TestPeer.connect(port: port)
            try? await refused.send(handshake: torrent.hash, mode: .fast)
            #expect(try await refused.handshake() == nil)
            await engine.setEnabled(true)
            _ = try await TestPeer.join(torrent.hash, port: port)
        }
    }

    @Test func ourOwnPeerIDIsOurselves() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.connect(port: port)
            var bytes: [UInt8] = []
            PeerHandshake(features: [.fast], infoHash: torrent.hash, peerID: engine.peerID).encode(into: &bytes)
            try await peer.send(bytes)
            #expect(try await peer.handshake() == nil)
        }
    }

    @Test func aSecondConnectionOfTheSamePeerIsClosed() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let first = try await TestPeer.join(torrent.hash, port: port, name: "-XX0001-same")
            let second = try await TestPeer.connect(port: port)
            try await second.send(handshake: torrent.hash, mode: .fast, name: "-XX0001-same")
            #expect(try await second.handshake() == nil)
            let leecher = TestLeecher(peer: first, layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            #expect(await engine.peers(of: torrent.hash).count == 1)
        }
    }

    @Test func aTorrentTakesOnlySoManyPeers() async throws {
        let torrent = try MadeTorrent()
        var limits = EngineLimits.forTests
        limits.connectionsPerTorrent = 2
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let first = try await TestPeer.join(torrent.hash, port: port)
            _ = try await TestPeer.join(torrent.hash, port: port)
            let third = try await TestPeer.connect(port: port)
            try await third.send(handshake: torrent.hash, mode: .fast)
            #expect(try await third.handshake() == nil)
            try await first.close()
            try await eventually {
                let peer = try await TestPeer.connect(port: port)
                try await peer.send(handshake: torrent.hash, mode: .fast)
                return try await peer.handshake() != nil
            }
        }
    }

    @Test func theEngineTakesOnlySoManyConnections() async throws {
        var limits = EngineLimits.forTests
        limits.connections = 3
        try await withEngine(limits: limits) { engine, port in
            for _ in 0..<3 { _ = try await TestPeer.connect(port: port) }
            try await eventually { await engine.statistics().connections == 3 }
            let fourth = try await TestPeer.connect(port: port)
            #expect(try await fourth.handshake() == nil)
        }
    }

    /// HAZARDS P02.
    @Test func silentConnectionsAreClosedWhileALeecherFinishes() async throws {
        let torrent = try MadeTorrent(length: 2_000_000)
        var limits = EngineLimits.forTests
        limits.handshakeTimeout = .seconds(2)
        try await withEngine(limits: limits, torrents: [torrent]) { engine, port in
            var silent: [TestPeer] = []
            for index in 0..<100 {
                let peer = try await TestPeer.connect(port: port)
                if index % 2 == 0 { try await peer.send([19] + Array("BitTorrent".utf8)) }
                silent.append(peer)
            }
            let leecher = TestLeecher(peer: try await TestPeer.join(torrent.hash, port: port), layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            for peer in silent {
                #expect(try await peer.handshake() == nil)
                #expect(peer.received == 0)
            }
            try await eventually { await engine.statistics().connections == 1 }
        }
    }

    /// HAZARDS P04: what waits for a peer that does not read is bounded, and it is closed.
    @Test(arguments: [TestPeer.Mode.plain, .fast]) func aPeerThatDoesNotReadIsClosed(
        _ mode: TestPeer.Mode
    ) async throws {
        let torrent = try MadeTorrent(length: 24_000_000, pieceLength: 262_144)
        var limits = EngineLimits.forTests
        limits.slowReaderTimeout = .milliseconds(500)
        try await withEngine(limits: limits, torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.connect(port: port, reading: false)
            try await peer.send(handshake: torrent.hash, mode: mode)
            try await peer.send(.interested)
            try await eventually { await engine.peers(of: torrent.hash).first?.isChoked == false }
            let request = BlockRequest(piece: PieceIndex(0), begin: 0, length: 16_384)
            let requests = [[UInt8]](repeating: PeerMessage.request(request).encoded(), count: 10_000)
            peer.channel.writeAndFlush(ByteBuffer(bytes: requests.joined()), promise: nil)
            try await eventually { await engine.statistics().connections == 0 }
            try? await peer.close()
        }
    }

    @Test func aSilentPeerIsClosed() async throws {
        let torrent = try MadeTorrent()
        var limits = EngineLimits.forTests
        limits.silenceTimeout = .milliseconds(300)
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            #expect(try await peer.rest().contains(.haveAll))
        }
    }

    @Test func anotherSeedIsClosedPolitely() async throws {
        let torrent = try MadeTorrent()
        var limits = EngineLimits.forTests
        limits.seedTimeout = .milliseconds(100)
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            try await peer.send(.haveAll)
            _ = try await peer.rest()
        }
    }

    @Test func aPeerThatTakesEverythingAgainAndAgainIsClosed() async throws {
        let torrent = try MadeTorrent(length: 100_000)
        var limits = EngineLimits.forTests
        limits.freeUploadPerPeer = 0
        limits.copiesPerPeer = 2
        try await withEngine(limits: limits, torrents: [torrent]) { _, port in
            let peer = try await TestPeer.join(torrent.hash, port: port, name: "-XX0001-greedy")
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            for _ in 0..<2 { _ = try await leecher.download(torrent.pieceHashes) }
            try await peer.send(.request(leecher.blocks[0]))
            #expect(try await peer.rest().allSatisfy { if case .piece = $0 { false } else { true } })
            // Coming again does not help.
            let again = try await TestPeer.join(torrent.hash, port: port, name: "-XX0001-greedy")
            try await TestLeecher(peer: again, layout: torrent.layout).begin()
            try await again.send(.request(leecher.blocks[0]))
            #expect(try await again.rest().allSatisfy { if case .piece = $0 { false } else { true } })
        }
    }
}
