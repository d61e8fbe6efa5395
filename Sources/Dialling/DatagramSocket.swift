public import ByteCoding
public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The one way out for UDP: a socket of each address family, opened when first needed, that sends to checked addresses
/// only and hands on whatever comes in, with its source.
public final class DatagramSocket: Sendable {
    /// What is called, on the socket's thread, with the source and the bytes of each datagram.
    public typealias Receiver = @Sendable (_ source: Endpoint, _ bytes: [UInt8]) -> Void

    /// The longest datagram that is received whole, in bytes.
    public static let maximumByteCount = 4_096

    private struct State {
        var channels: [DialFamily: Task<any Channel, any Error>] = [:]
        var isClosed = false
    }

    private let rules: DialRules
    private let receive: Receiver
    private let logger: Logger
    private let state = Mutex(State())

    /// A socket that is not open yet.
    public init(rules: DialRules, logger: Logger, receive: @escaping Receiver) {
        self.rules = rules
        self.receive = receive
        self.logger = logger
    }

    /// Sends one datagram. Throws `refused`, having sent nothing, when the rules forbid the address, and `unreachable`
    /// when the system has no way there.
    ///
    /// - Parameter scope: The class of the address at which the one who named `endpoint` was reached.
    public func send(
        _ bytes: [UInt8], to endpoint: Endpoint, namedFrom scope: AddressScope
    ) async throws(DialError) {
        if let refusal = rules.refusal(of: endpoint, namedFrom: scope) {
            logger.debug("datagram refused", metadata: ["to": "\(endpoint)", "reason": "\(refusal.rawValue)"])
            throw .refused(refusal)
        }
        do {
            let channel = try await channel(DialFamily(of: endpoint.address))
            let envelope = AddressedEnvelope(
                remoteAddress: try SocketAddress(endpoint), data: channel.allocator.buffer(bytes: bytes))
            try await channel.writeAndFlush(envelope)
        } catch {
            throw .unreachable(message: FetchError(failure: error).systemWords)
        }
    }

    /// Closes the sockets; nothing is sent afterwards.
    public func close() async {
        let channels = state.withLock { state in
            state.isClosed = true
            defer { state.channels = [:] }
            return state.channels.values.map { $0 }
        }
        for channel in channels { try? await channel.value.close() }
    }

    /// The open channel of a family; one that has failed meanwhile is replaced, once.
    private func channel(_ family: DialFamily) async throws -> any Channel {
        let channel = try await openedChannel(family)
        return channel.isActive ? channel : try await openedChannel(family)
    }

    /// The channel opened last, else a new one. One that is open no more is handed out a last time, and forgotten.
    private func openedChannel(_ family: DialFamily) async throws -> any Channel {
        let opening = try state.withLock { state in
            guard !state.isClosed else { throw ChannelError.ioOnClosedChannel }
            if let known = state.channels[family] { return known }
            let receive = receive
            let opening = Task { try await Self.open(family, receive) }
            state.channels[family] = opening
            return opening
        }
        do {
            let channel = try await opening.value
            if !channel.isActive { forget(opening, of: family) }
            return channel
        } catch {
            // The next datagram tries again: the family may come up later.
            forget(opening, of: family)
            throw error
        }
    }

    /// Another task may have opened the family anew meanwhile; that channel stays.
    private func forget(_ opening: Task<any Channel, any Error>, of family: DialFamily) {
        state.withLock { if $0.channels[family] == opening { $0.channels[family] = nil } }
    }

    private static func open(_ family: DialFamily, _ receive: @escaping Receiver) async throws -> any Channel {
        var bootstrap = DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: maximumByteCount)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(receive: receive))
                }
            }
        if family == .ipv6 {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return try await bootstrap.bind(host: family == .ipv4 ? "0.0.0.0" : "::", port: 0).get()
    }
}

/// Hands each datagram on as plain bytes.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let receive: DatagramSocket.Receiver

    init(receive: @escaping DatagramSocket.Receiver) { self.receive = receive }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = envelope.remoteAddress.endpoint else { return }
        receive(source, Array(envelope.data.readableBytesView))
    }

    /// An error of one datagram (a port that is closed, say) says nothing about the next.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

extension FetchError {
    /// The message of what could not be reached.
    fileprivate var systemWords: String {
        if case .unreachable(let message) = self { return message }
        return "\(self)"
    }
}
