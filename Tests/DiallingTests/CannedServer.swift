import ByteCoding
import Dialling
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server of a few lines that answers each request with the bytes a closure gives for its head, and counts.
final class CannedServer: Sendable {
    let endpoint: Endpoint
    private let channel: any Channel
    private let heads: Heads

    private final class Heads: Sendable { let all = Mutex<[String]>([]) }

    /// The heads of all requests so far.
    var requests: [String] { heads.all.withLock { $0 } }

    var origin: String { "http://\(endpoint)" }

    /// - Parameter answer: what to send for a head; an empty answer leaves the connection open in silence.
    init(host: String = "127.0.0.1", _ answer: @escaping @Sendable (String) -> String) async throws {
        let heads = Heads()
        self.heads = heads
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(
                        CannedHandler { head in
                            heads.all.withLock { $0.append(head) }
                            return answer(head)
                        })
                }
            }
            .bind(host: host, port: 0).get()
        guard let endpoint = channel.localAddress?.endpoint else { throw ChannelError.unknownLocalAddress }
        self.endpoint = endpoint
    }

    func close() async { try? await channel.close() }

    static func ok(_ body: String, _ fields: String = "") -> String {
        "HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func redirect(to location: String, status: Int = 302) -> String {
        "HTTP/1.1 \(status) Moved\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n"
    }
}

private final class CannedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: (String) -> String
    private var received = ""

    init(answer: @escaping (String) -> String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let end = received.firstRange(of: "\r\n\r\n") {
            let head = String(received[..<end.upperBound])
            received = String(received[end.upperBound...])
            let text = answer(head)
            guard !text.isEmpty else { continue }
            context.writeAndFlush(NIOAny(context.channel.allocator.buffer(string: text)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
