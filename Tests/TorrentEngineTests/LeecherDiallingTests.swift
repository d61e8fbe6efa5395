import ByteCoding
import Dialling
import Metainfo
import NIOCore
import NIOPosix
import PeerWire
import Testing
import TorrentEngine

/// The engine dials leechers that were named to it (HAZARDS P07).
@Suite(.timeLimit(.minutes(1))) struct LeecherDiallingTests {
    /// A leecher that waits for being dialled: connections arrive as test peers.
    private func listen() async throws -> (any Channel, AsyncStream<(any Channel, AsyncStream<ByteBuffer>)>) {
        let (dialled, continuation) = AsyncStream.makeStream(of: (any Channel, AsyncStream<ByteBuffer>).self)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                let (stream, bytes) = AsyncStream.makeStream(of: ByteBuffer.self)
                continuation.yield((channel, stream))
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(bytes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return (server, dialled)
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let bytes: AsyncStream<ByteBuffer>.Continuation
        init(_ bytes: AsyncStream<ByteBuffer>.Continuation) { self.bytes = bytes }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { bytes.finish() }
    }

    @Test func aNamedLeecherIsDialledAndServed() async throws {
        let torrent = try MadeTorrent()
        let (server, dialled) = try await listen()
        let endpoint = try #require(server.localAddress?.endpoint)
        try await withEngine(torrents: [torrent]) { engine, _ in
            engine.consider(endpoint, for: torrent.hash, namedFromScope: .loopback)
            var connections = dialled.makeAsyncIterator()
            let (channel, bytes) = try #require(await connections.next())
            let peer = TestPeer(channel: channel, chunks: bytes)
            let theirs = try #require(try await peer.handshake())
            #expect(theirs.infoHash == torrent.hash && theirs.peerID == engine.peerID)
            try await peer.send(handshake: torrent.hash, mode: .fast)
            let leecher = TestLeecher(peer: peer, layout: torrent.layout)
            try await leecher.begin()
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            #expect(await engine.peers(of: torrent.hash).first?.isIncoming == false)
        }
        try await server.close()
    }

    @Test func aDialledPeerWithAnotherTorrentIsClosed() async throws {
        let torrents = [try MadeTorrent(seed: 1), try MadeTorrent(seed: 2)]
        let (server, dialled) = try await listen()
        let endpoint = try #require(server.localAddress?.endpoint)
        try await withEngine(torrents: torrents) { engine, _ in
            engine.consider(endpoint, for: torrents[0].hash, namedFromScope: .loopback)
            var connections = dialled.makeAsyncIterator()
            let (channel, bytes) = try #require(await connections.next())
            let peer = TestPeer(channel: channel, chunks: bytes)
            _ = try await peer.handshake()
            try await peer.send(handshake: torrents[1].hash, mode: .fast)
            #expect(try await peer.rest().isEmpty)
        }
        try await server.close()
    }

    static let forbidden: [(String, AddressScope)] = [
        ("127.0.0.1:5432", .public), ("10.0.0.1:2222", .public), ("10.0.0.1:22", .private), ("[::1]:6881", .private),
        ("93.184.216.34:0", .public), ("93.184.216.34:1023", .public), ("0.0.0.0:6881", .loopback),
    ]

    @Test(arguments: forbidden) func forbiddenAddressesAreForgottenAtOnce(
        address: String, namedFrom: AddressScope
    ) async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, _ in
            engine.consider(try #require(Endpoint(address)), for: torrent.hash, namedFromScope: namedFrom)
            #expect(await engine.statistics().knownLeechers == 0)
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.9", "::1"]) func weDoNotDialOurselves(_ host: String) async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let address = try #require(IPAddress(host))
            let ourselves = Endpoint(address: address, port: UInt16(port))
            engine.consider(ourselves, for: torrent.hash, namedFromScope: .loopback)
            #expect(await engine.statistics().knownLeechers == 0)
        }
    }

    @Test func leechersAreForgottenWithTheirTorrent() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, _ in
            let endpoint = try #require(Endpoint("127.0.0.1:9"))
            let peer = Endpoint(address: endpoint.address, port: 40_001)
            engine.consider(peer, for: torrent.hash, namedFromScope: .loopback)
            engine.consider(
                Endpoint(address: endpoint.address, port: 40_002), for: torrent.hash, namedFromScope: .loopback)
            #expect(await engine.statistics().knownLeechers == 2)
            engine.forget(peer, for: torrent.hash)
            #expect(await engine.statistics().knownLeechers == 1)
            await engine.remove(torrent.hash)
            #expect(await engine.statistics().knownLeechers == 0)
            engine.consider(peer, for: torrent.hash, namedFromScope: .loopback)
            #expect(await engine.statistics().knownLeechers == 0)
        }
    }
}
