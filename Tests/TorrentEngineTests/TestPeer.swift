import ByteCoding
import Metainfo
import NIOCore
import NIOPosix
import PeerWire
import Testing

/// The other end of a connection: sends any bytes, reads handshakes and messages. Used by one task.
final class TestPeer {
    enum Mode: Sendable { case plain, fast }

    let channel: any Channel
    private var chunks: AsyncStream<ByteBuffer>.AsyncIterator
    private var head: [UInt8] = []
    private var framing = PeerMessageFraming()
    /// Every byte that has come.
    private(set) var received = 0

    init(channel: any Channel, chunks: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.chunks = chunks.makeAsyncIterator()
    }

    static func connect(port: Int, host: String = "127.0.0.1", reading: Bool = true) async throws -> TestPeer {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reading)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Forwarder(continuation))
                }
            }
            .connect(host: host, port: port).get()
        return TestPeer(channel: channel, chunks: stream)
    }

    static func id(_ name: String) throws -> PeerID {
        try #require(PeerID(bytes: Array((name + String(repeating: "-", count: 20)).utf8.prefix(20))))
    }

    /// Connects and shakes hands; both extensions in `fast` mode.
    static func join(_ hash: InfoHash, port: Int, mode: Mode = .fast, name: String? = nil) async throws -> TestPeer {
        let peer = try await connect(port: port)
        try await peer.send(handshake: hash, mode: mode, name: name)
        let answer = try #require(try await peer.handshake())
        #expect(answer.infoHash == hash)
        return peer
    }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func send(_ messages: PeerMessage...) async throws { try await send(messages.flatMap { $0.encoded() }) }

    func send(handshake hash: InfoHash, mode: Mode, name: String? = nil) async throws {
        let name = name ?? "-XX0001-\(UInt64.random(in: 0...UInt64.max))"
        let features: PeerHandshake.Features = mode == .fast ? [.fast, .extensions] : []
        var bytes: [UInt8] = []
        PeerHandshake(features: features, infoHash: hash, peerID: try Self.id(name)).encode(into: &bytes)
        try await send(bytes)
    }

    /// The handshake of the other side; nil when it closes before.
    func handshake() async throws -> PeerHandshake? {
        while head.count < PeerHandshake.byteCount {
            guard let chunk = await chunks.next() else { return nil }
            received += chunk.readableBytes
            head += Array(chunk.readableBytesView)
        }
        framing.push(head.dropFirst(PeerHandshake.byteCount))
        let bytes = head
        return try PeerHandshake(decoding: bytes.span.bytes)
    }

    /// The next message; nil when the connection has ended.
    func next() async throws -> PeerMessage? {
        while true {
            if let message = try framing.next() { return message }
            guard let chunk = await chunks.next() else { return nil }
            received += chunk.readableBytes
            framing.push(chunk.readableBytesView)
        }
    }

    /// The next message that is `wanted`; nil when the connection has ended before.
    func first(where wanted: (PeerMessage) -> Bool) async throws -> PeerMessage? {
        while let message = try await next() {
            if wanted(message) { return message }
        }
        return nil
    }

    /// All messages until the other side closes.
    func rest() async throws -> [PeerMessage] {
        var messages: [PeerMessage] = []
        while let message = try await next() { messages.append(message) }
        return messages
    }

    func close() async throws { try await channel.close() }

    private final class Forwarder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
        func handlerRemoved(context: ChannelHandlerContext) { continuation.finish() }
    }
}
