import ByteCoding
import Dialling
import Metainfo
import NIOCore
import NIOPosix
import Synchronization
import TrackerWire

/// A UDP socket of the test whose answers a closure makes from each packet; it keeps what came in.
final class FakeUDPTracker: Sendable {
    let endpoint: Endpoint
    private let channel: any Channel
    private let inbox: Inbox

    final class Inbox: Sendable {
        let packets = Mutex<[[UInt8]]>([])
        let sourcePort = Mutex<UInt16?>(nil)
    }

    /// The port from which the last packet came.
    var lastSourcePort: UInt16? { inbox.sourcePort.withLock { $0 } }

    var packets: [[UInt8]] { inbox.packets.withLock { $0 } }

    /// How many packets of an action came in: 0 connect, 1 announce, 2 scrape.
    func count(action: UInt8) -> Int { packets.count { $0.count >= 16 && $0[11] == action } }

    /// - Parameter answer: the number of the packet, counted from 0, and its bytes; gives the datagrams to send back.
    init(host: String = "127.0.0.1", _ answer: @escaping @Sendable (Int, [UInt8]) -> [[UInt8]]) async throws {
        let inbox = Inbox()
        self.inbox = inbox
        channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FakeUDPHandler(inbox: inbox, answer: answer))
                }
            }
            .bind(host: host, port: 0).get()
        guard let endpoint = channel.localAddress?.endpoint else { throw ChannelError.unknownLocalAddress }
        self.endpoint = endpoint
    }

    var url: String { "udp://\(endpoint)/announce" }

    /// Sends unasked.
    func send(_ bytes: [UInt8], to target: Endpoint) async throws {
        let envelope = AddressedEnvelope(
            remoteAddress: try SocketAddress(target), data: channel.allocator.buffer(bytes: bytes))
        try await channel.writeAndFlush(envelope)
    }

    func close() async { try? await channel.close() }

    /// What a sound tracker answers: connection id 77, an interval of 900 s, one seeder, two leechers, one peer.
    static func sound(_ packet: [UInt8]) -> [[UInt8]] {
        guard packet.count >= 16 else { return [] }
        let transaction = Array(packet[12..<16])
        switch packet[11] {
        case 0: return [[0, 0, 0, 0] + transaction + [0, 0, 0, 0, 0, 0, 0, 77]]
        case 1:
            return [
                [0, 0, 0, 1] + transaction + [0, 0, 3, 0x84, 0, 0, 0, 2, 0, 0, 0, 1, 10, 1, 2, 3, 0x1a, 0xe1]
            ]
        default:
            let counts: [UInt8] = [0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7]
            let hashes = (packet.count - 16) / 20
            return [[0, 0, 0, 2] + transaction + Array(repeating: counts, count: hashes).flatMap(\.self)]
        }
    }

    static func error(_ packet: [UInt8], _ text: String) -> [[UInt8]] {
        [[0, 0, 0, 3] + Array(packet[12..<16]) + Array(text.utf8)]
    }
}

private final class FakeUDPHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let inbox: FakeUDPTracker.Inbox
    private let answer: @Sendable (Int, [UInt8]) -> [[UInt8]]

    init(inbox: FakeUDPTracker.Inbox, answer: @escaping @Sendable (Int, [UInt8]) -> [[UInt8]]) {
        self.inbox = inbox
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let packet = Array(envelope.data.readableBytesView)
        inbox.sourcePort.withLock { $0 = envelope.remoteAddress.endpoint?.port }
        let number = inbox.packets.withLock { packets in
            packets.append(packet)
            return packets.count - 1
        }
        for bytes in answer(number, packet) {
            let out = AddressedEnvelope(
                remoteAddress: envelope.remoteAddress, data: context.channel.allocator.buffer(bytes: bytes))
            context.writeAndFlush(NIOAny(out), promise: nil)
        }
    }
}

/// An HTTP server of a few lines: a closure gives status and body for the target of each request.
final class FakeHTTPTracker: Sendable {
    let endpoint: Endpoint
    private let channel: any Channel
    private let inbox: Inbox

    final class Inbox: Sendable { let targets = Mutex<[String]>([]) }

    var targets: [String] { inbox.targets.withLock { $0 } }
    var url: String { "http://\(endpoint)/announce" }

    init(
        host: String = "127.0.0.1", _ answer: @escaping @Sendable (String) -> (status: Int, body: [UInt8])
    ) async throws {
        let inbox = Inbox()
        self.inbox = inbox
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(FakeHTTPHandler(inbox: inbox, answer: answer))
                }
            }
            .bind(host: host, port: 0).get()
        guard let endpoint = channel.localAddress?.endpoint else { throw ChannelError.unknownLocalAddress }
        self.endpoint = endpoint
    }

    func close() async { try? await channel.close() }
}

private final class FakeHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let inbox: FakeHTTPTracker.Inbox
    private let answer: @Sendable (String) -> (status: Int, body: [UInt8])
    private var received = ""

    init(inbox: FakeHTTPTracker.Inbox, answer: @escaping @Sendable (String) -> (status: Int, body: [UInt8])) {
        self.inbox = inbox
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let end = received.firstRange(of: "\r\n\r\n") {
            let target = received.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            received = String(received[end.upperBound...])
            inbox.targets.withLock { $0.append(target) }
            let (status, body) = answer(target)
            let head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\n\r\n"
            context.writeAndFlush(
                NIOAny(context.channel.allocator.buffer(bytes: Array(head.utf8) + body)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The query of a target, as bytes.
func query(_ target: String) -> [UInt8] { Array(target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()) }

extension InfoHash {
    /// Twenty bytes that differ by number.
    static func number(_ number: Int) -> InfoHash {
        var bytes = [UInt8](repeating: 7, count: 16)
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: number))
        return InfoHash(bytes: bytes) ?? InfoHash(hex: String(repeating: "0", count: 40))!
    }
}

extension AnnounceRequest {
    /// A seeder's announce.
    static func seeder(_ hash: InfoHash = .number(1), event: AnnounceEvent = .started) -> AnnounceRequest {
        AnnounceRequest(
            infoHash: hash, peerID: PeerID(bytes: "-RS0100-123456789012".utf8)!, port: 6881, left: 0, event: event,
            numWant: 50, key: 5)
    }
}
