import Metainfo
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

@testable import TorrentEngine

/// Two channels over loopback, one dialling, one called, each with what `EncryptionHandler` makes of them.
struct EncryptedPair {
    let near: any Channel
    let far: any Channel
    let nearLog: ConversationLog
    let farLog: ConversationLog

    /// - Parameters:
    ///   - near: The policy of the side that dials; nil: it speaks plainly.
    static func connect(
        _ near: EncryptionPolicy?, _ far: EncryptionPolicy, hash: InfoHash, known: ObfuscatedHashes,
        greeting: [UInt8] = [], timeout: Duration = EncryptionHandler.timeout
    ) async throws -> EncryptedPair {
        let group = MultiThreadedEventLoopGroup.singleton
        let (nearLog, farLog) = (ConversationLog(greeting: greeting), ConversationLog())
        let accepted = group.next().makePromise(of: (any Channel).self)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = EncryptionHandler(responder: far, timeout: timeout, find: known.find)
                    try channel.pipeline.syncOperations.addHandlers(handler, ConversationHandler(farLog))
                    accepted.succeed(channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = listener.localAddress
        let nearChannel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let near {
                        let handler = EncryptionHandler(initiatorFor: hash, policy: near, timeout: timeout)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(ConversationHandler(nearLog))
                }
            }
            .connect(to: address ?? .init(ipAddress: "127.0.0.1", port: 0)).get()
        let farChannel = try await accepted.futureResult.get()
        try await listener.close().get()
        return EncryptedPair(near: nearChannel, far: farChannel, nearLog: nearLog, farLog: farLog)
    }

    func close() async {
        try? await near.close().get()
        try? await far.close().get()
        await nearLog.waitUntilClosed()
        await farLog.waitUntilClosed()
    }

    /// The names of the handlers that are still in the pipeline.
    static func hasEncryption(_ channel: any Channel) async throws -> Bool {
        try await channel.eventLoop.submit {
            (try? channel.pipeline.syncOperations.handler(type: EncryptionHandler.self)) != nil
        }.get()
    }
}

/// What one end of a connection saw.
final class ConversationLog: Sendable {
    struct Seen {
        var bytes: [UInt8] = []
        var events: [EncryptionEstablished] = []
        /// What had come when the event did.
        var bytesAtEvent: Int?
        var failures: [EncryptionFailure] = []
        var isClosed = false
        var waiters: [(condition: @Sendable (Seen) -> Bool, resume: CheckedContinuation<Void, Never>)] = []
    }

    let greeting: [UInt8]
    private let seen = NIOLockedValueBox(Seen())

    init(greeting: [UInt8] = []) { self.greeting = greeting }

    var now: Seen { seen.withLockedValue { $0 } }

    func note(_ change: (inout Seen) -> Void) {
        let due = seen.withLockedValue { seen in
            change(&seen)
            let due = seen.waiters.filter { $0.condition(seen) }
            let state = seen
            seen.waiters.removeAll { $0.condition(state) }
            return due.map(\.resume)
        }
        for waiter in due { waiter.resume() }
    }

    func wait(until condition: @escaping @Sendable (Seen) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDue = seen.withLockedValue { seen in
                guard !condition(seen) else { return true }
                seen.waiters.append((condition, continuation))
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    /// Waits for so many bytes, or the end.
    func waitFor(bytes count: Int) async { await wait { $0.bytes.count >= count || $0.isClosed } }

    func waitUntilClosed() async { await wait { $0.isClosed } }
}

/// Stands where a peer handler stands: greets when the channel is active, and notes what comes.
final class ConversationHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let log: ConversationLog

    init(_ log: ConversationLog) { self.log = log }

    func channelActive(context: ChannelHandlerContext) {
        guard !log.greeting.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: log.greeting)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
        log.note { $0.bytes += bytes }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? EncryptionEstablished else { return }
        log.note {
            $0.events.append(event)
            $0.bytesAtEvent = $0.bytes.count
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? EncryptionFailure { log.note { $0.failures.append(failure) } }
    }

    func channelInactive(context: ChannelHandlerContext) { log.note { $0.isClosed = true } }
}
