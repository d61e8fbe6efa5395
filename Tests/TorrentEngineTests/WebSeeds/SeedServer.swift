import ByteCoding
import Dialling
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server of a few lines for web seeds: a closure answers each request; what was asked over which connection is
/// kept.
final class SeedServer: Sendable {
    struct Request: Sendable, Hashable {
        let target: String
        /// The bytes asked for, both ends included.
        let range: ClosedRange<Int>?
        /// Connections are numbered from 1.
        let connection: Int
    }

    struct Answer: Sendable {
        var status: Int
        var fields: [String] = []
        var body: [UInt8] = []
        /// How much of the body is sent before the connection is closed; nil sends all and keeps it open.
        var cut: Int?
        /// Whether the rest of a cut body is held back for ever instead.
        var hangs = false

        /// What a sound server answers for a file.
        static func file(_ bytes: [UInt8], _ request: Request) -> Answer {
            guard let range = request.range else { return Answer(status: 200, body: bytes) }
            guard range.lowerBound < bytes.count else {
                return Answer(status: 416, fields: ["Content-Range: bytes */\(bytes.count)"])
            }
            let last = min(range.upperBound, bytes.count - 1)
            return Answer(
                status: 206, fields: ["Content-Range: bytes \(range.lowerBound)-\(last)/\(bytes.count)"],
                body: Array(bytes[range.lowerBound...last]))
        }
    }

    let endpoint: Endpoint
    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
        let connections = Mutex(0)
    }

    var requests: [Request] { log.requests.withLock { $0 } }
    var connections: Int { log.connections.withLock { $0 } }
    var origin: String { "http://\(endpoint)" }

    init(_ answer: @escaping @Sendable (Request) -> Answer) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                let number = log.connections.withLock { count in
                    count += 1
                    return count
                }
                return child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(
                        SeedHandler { target, range in
                            let request = Request(target: target, range: range, connection: number)
                            log.requests.withLock { $0.append(request) }
                            return answer(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let endpoint = channel.localAddress?.endpoint else { throw ChannelError.unknownLocalAddress }
        self.endpoint = endpoint
    }

    func close() async { try? await channel.close() }
}

private final class SeedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: (String, ClosedRange<Int>?) -> SeedServer.Answer
    private var received = ""

    init(answer: @escaping (String, ClosedRange<Int>?) -> SeedServer.Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let end = received.firstRange(of: "\r\n\r\n") {
            let head = String(received[..<end.lowerBound])
            received = String(received[end.upperBound...])
            let target = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            send(answer(target, range(head)), context)
        }
    }

    private func range(_ head: String) -> ClosedRange<Int>? {
        let prefix = "range: bytes="
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(prefix) }
        let ends = line?.dropFirst(prefix.count).split(separator: "-").compactMap { Int($0) } ?? []
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[0]...ends[1]
    }

    private func send(_ answer: SeedServer.Answer, _ context: ChannelHandlerContext) {
        var head = "HTTP/1.1 \(answer.status) Status\r\n"
        for field in answer.fields { head += field + "\r\n" }
        if !answer.fields.contains(where: { $0.lowercased().hasPrefix("content-length") }) {
            head += "Content-Length: \(answer.body.count)\r\n"
        }
        var bytes = context.channel.allocator.buffer(string: head + "\r\n")
        bytes.writeBytes(answer.body.prefix(answer.cut ?? answer.body.count))
        let done = context.eventLoop.makePromise(of: Void.self)
        if answer.cut != nil, !answer.hangs {
            let channel = context.channel
            done.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(NIOAny(bytes), promise: done)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
