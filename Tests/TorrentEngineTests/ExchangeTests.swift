import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// What the peers gave each other, as the seeder sees it.
@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
    // MARK: One peer

    @Test func whatWasSentByUsIsNotFromOthers() {
        var meter = ExchangeMeter()
        #expect(meter.note(gained: 0, sent: 0) == 0)
        #expect(meter.note(gained: 100, sent: 100) == 0)
        #expect(meter.note(gained: 300, sent: 100) == 200)
        #expect(meter.note(gained: 300, sent: 100) == 0)
    }

    @Test func blocksOfUnfinishedPiecesAreNotTakenBack() {
        var meter = ExchangeMeter()
        #expect(meter.note(gained: 500, sent: 0) == 500)
        #expect(meter.note(gained: 500, sent: 300) == 0)
        #expect(meter.note(gained: 900, sent: 300) == 100)
        #expect(meter.note(gained: 900, sent: 10_000) == 0)
    }

    @Test func extremesDoNotOverflow() {
        var meter = ExchangeMeter()
        #expect(meter.note(gained: .min, sent: .max) == 0)
        #expect(meter.note(gained: .max, sent: .min) == 0)
        #expect(meter.note(gained: .max, sent: 0) == UInt64(Int64.max))
    }

    private func connection() throws -> PeerConnection {
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        let id = try #require(PeerID(bytes: [UInt8](repeating: 2, count: 20)))
        return PeerConnection(
            handshake: PeerHandshake(features: [.fast], infoHash: hash, peerID: id),
            layout: try PieceLayout(totalLength: 100_000, pieceLength: 32_768), limits: EngineLimits(), now: .now)
    }

    @Test func onlyPiecesThatComeAreGained() throws {
        var peer = try connection()
        _ = peer.receive(.bitfield([0b1000_0000]), now: .now)
        #expect(peer.gained == 0)
        _ = peer.receive(.have(PieceIndex(0)), now: .now)
        #expect(peer.gained == 0)
        _ = peer.receive(.have(PieceIndex(1)), now: .now)
        #expect(peer.gained == 32_768)
        _ = peer.receive(.have(PieceIndex(3)), now: .now)
        #expect(peer.gained == 32_768 + 1_696)
        #expect(peer.receive(.have(PieceIndex(4)), now: .now) == [.close(.invalidHave)])
        #expect(peer.gained == 32_768 + 1_696)
    }

    /// A peer that says again and again that it has nothing, and then everything, makes no more of it than there is.
    @Test func aPeerGainsNoMoreThanTheTorrent() throws {
        var peer = try connection()
        for _ in 0..<10 {
            _ = peer.receive(.haveNone, now: .now)
            for piece in 0..<4 { _ = peer.receive(.have(PieceIndex(UInt32(piece))), now: .now) }
        }
        #expect(peer.gained == 100_000)
        _ = peer.receive(.haveAll, now: .now)
        #expect(peer.gained == 100_000)
    }

    // MARK: A torrent

    @Test func totalsGrowAndAreForgotten() throws {
        let totals = ExchangeTotals()
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 1, count: 20)))
        #expect(totals.total(of: hash) == nil)
        totals.watch(hash)
        #expect(totals.total(of: hash) == 0)
        totals.add(70, to: hash)
        totals.watch(hash)
        totals.add(.max, to: hash)
        #expect(totals.total(of: hash) == .max)
        totals.forget(hash)
        #expect(totals.total(of: hash) == nil)
    }

    @Test func theEngineSeesWhatAPeerGetsElsewhere() async throws {
        let torrent = try MadeTorrent(length: 200_000, pieceLength: 32_768)
        try await withEngine(torrents: [torrent]) { engine, port in
            #expect(engine.exchange(of: torrent.hash) == nil)
            #expect(await engine.torrentsWithLeechers().isEmpty)
            let peer = try await TestPeer.join(torrent.hash, port: port)
            try await peer.send(.haveNone, .have(PieceIndex(0)), .have(PieceIndex(1)))
            try await eventually { engine.exchange(of: torrent.hash) == 65_536 }
            #expect(await engine.torrentsWithLeechers() == [torrent.hash])
            try await peer.close()
            try await eventually { await engine.torrentsWithLeechers().isEmpty }
            #expect(engine.exchange(of: torrent.hash) == 65_536)
            // From this machine is no evidence.
            #expect(await engine.lastInboundPeer == nil)
            await engine.remove(torrent.hash)
            #expect(engine.exchange(of: torrent.hash) == nil)
        }
    }

    @Test func aWholeDownloadFromUsIsNoExchange() async throws {
        let torrent = try MadeTorrent(length: 300_000, pieceLength: 32_768)
        try await withEngine(torrents: [torrent]) { engine, port in
            let peer = try await TestPeer.join(torrent.hash, port: port)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            _ = try await leecher.download(torrent.pieceHashes)
            try await eventually { engine.uploaded(torrent.hash) == 300_000 }
            for piece in 0..<torrent.layout.pieceCount { try await peer.send(.have(PieceIndex(UInt32(piece)))) }
            try await eventually { await engine.peers(of: torrent.hash).first?.progress == 1 }
            try await peer.close()
            try await eventually { await engine.peers(of: torrent.hash).isEmpty }
            #expect(engine.exchange(of: torrent.hash) == 0)
        }
    }
}
