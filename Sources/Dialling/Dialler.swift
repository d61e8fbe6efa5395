public import ByteCoding
public import Logging
public import NIOCore
public import NIOPosix

/// The one way out: every connection the program opens goes through here, to an address that was checked.
///
/// Names are resolved on a worker thread, every resulting address is checked, and the connection is made to the
/// checked address, never to the name, so that a second look-up cannot answer differently (DNS rebinding).
public final class Dialler: Sendable {
    /// What may be dialled.
    public let rules: DialRules
    private let connectTimeout: TimeAmount
    private let resolver: Resolver
    private let logger: Logger

    /// - Parameters:
    ///   - connectTimeout: How long a TCP connect may take.
    ///   - workers: Threads on which names are looked up.
    public init(
        rules: DialRules, connectTimeout: TimeAmount = .seconds(10), workers: NIOThreadPool = .singleton,
        logger: Logger
    ) {
        self.rules = rules
        self.connectTimeout = connectTimeout
        resolver = Resolver(workers: workers)
        self.logger = logger
    }

    /// Connects to an address over TCP. Fails with `DialError.refused` without a packet when the rules forbid it.
    ///
    /// - Parameters:
    ///   - scope: The class of the address at which the one who named `endpoint` was reached.
    ///   - eventLoop: Where the channel lives.
    ///   - configure: Adds the handlers, on that event loop.
    public func connect(
        to endpoint: Endpoint, namedFrom scope: AddressScope, on eventLoop: any EventLoop,
        configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        if let refusal = rules.refusal(of: endpoint, namedFrom: scope) {
            logger.debug("dial refused", metadata: ["to": "\(endpoint)", "reason": "\(refusal.rawValue)"])
            return eventLoop.makeFailedFuture(DialError.refused(refusal))
        }
        do {
            return ClientBootstrap(group: eventLoop)
                .connectTimeout(connectTimeout)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer(configure)
                .connect(to: try SocketAddress(endpoint))
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
    }

    /// Looks `host` up (or reads it as an address) and returns the endpoints that the rules allow, in the
    /// resolver's order. Throws `DialError.unresolved` when there is none at all and `DialError.refused` when all
    /// are forbidden.
    public func endpoints(
        host: String, port: UInt16, namedFrom scope: AddressScope
    ) async throws(DialError) -> [Endpoint] {
        let addresses: [IPAddress]
        if let literal = IPAddress(host) {
            addresses = [literal]
        } else {
            addresses = try await resolver.addresses(of: host)
        }
        var allowed: [Endpoint] = []
        var refusal: DialRefusal?
        for address in addresses {
            let endpoint = Endpoint(address: address, port: port)
            refusal = rules.refusal(of: endpoint, namedFrom: scope)
            if refusal == nil { allowed.append(endpoint) }
        }
        if allowed.isEmpty, let refusal { throw .refused(refusal) }
        return allowed
    }
}
