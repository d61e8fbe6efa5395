import ByteCoding
import Dialling
import Logging
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatagramSocketTests {
    private static let logger = Logger(label: "test")

    /// A socket of the test that sends back what it gets.
    private static func echo(host: String) async throws -> (any Channel, Endpoint)? {
        guard
            let channel = try? await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer({ channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(EchoHandler())
                    }
                })
                .bind(host: host, port: 0).get()
        else { return nil }
        return (channel, try #require(channel.localAddress?.endpoint))
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func sendsAndHears(host: String) async throws {
        guard let (channel, endpoint) = try await Self.echo(host: host) else {
            print("skipped: no \(host)")
            return
        }
        let (heard, continuation) = AsyncStream.makeStream(of: (Endpoint, [UInt8]).self)
        let socket = DatagramSocket(rules: .servers, logger: Self.logger) { continuation.yield(($0, $1)) }
        try await socket.send([1, 2, 3], to: endpoint, namedFrom: .loopback)
        for await (source, bytes) in heard {
            #expect(source == endpoint && bytes == [1, 2, 3])
            break
        }
        await socket.close()
        try await channel.close()
    }

    @Test(arguments: ["127.0.0.1:6969", "10.0.0.1:6969", "[::1]:6969", "0.0.0.0:6969", "8.8.8.8:0"])
    func forbiddenAddressesGetNothing(text: String) async throws {
        let endpoint = try #require(Endpoint(text))
        let socket = DatagramSocket(rules: .servers, logger: Self.logger) { _, _ in }
        let error = await #expect(throws: DialError.self) {
            try await socket.send([1], to: endpoint, namedFrom: .public)
        }
        guard case .refused? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await socket.close()
    }

    @Test func aClosedSocketSendsNothing() async throws {
        let socket = DatagramSocket(rules: .servers, logger: Self.logger) { _, _ in }
        await socket.close()
        let endpoint = try #require(Endpoint("127.0.0.1:6969"))
        await #expect(throws: DialError.self) { try await socket.send([1], to: endpoint, namedFrom: .loopback) }
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }
}
