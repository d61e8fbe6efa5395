import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The listening sockets: one for each host, all with the same port.
final class Listeners: Sendable {
    private let configuration: EngineConfiguration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let channels = Mutex<[any Channel]>([])

    init(configuration: EngineConfiguration, group: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
    }

    /// Opens a socket for each host and returns the port. With port 0 the first host gets a free one, and another is
    /// tried when some other host has it taken.
    ///
    /// A host of a family this machine does not have is left out with a warning while another one can be had.
    func open(accepting: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>) async throws -> Int {
        var attempts = configuration.port == 0 ? 20 : 1
        while true {
            attempts -= 1
            do {
                return try await openOnce(accepting)
            } catch let error as IOError where error.errnoCode == EADDRINUSE && attempts > 0 {
                await close()
            } catch {
                await close()
                throw error
            }
        }
    }

    func close() async {
        let open = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in open { try? await channel.close() }
    }

    private func openOnce(_ accepting: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>) async throws -> Int {
        var port = configuration.port
        var lastError: (any Error)?
        for host in configuration.hosts {
            do {
                let channel = try await bind(SocketAddress(ipAddress: host, port: port), accepting)
                channels.withLock { $0.append(channel) }
                port = channel.localAddress?.port ?? port
            } catch let error as IOError where [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.errnoCode) {
                lastError = error
                logger.warning("peer address not available", metadata: ["host": "\(host)", "error": "\(error)"])
            }
        }
        if channels.withLock(\.isEmpty) { throw lastError ?? ChannelError.operationUnsupported }
        return port
    }

    private func bind(
        _ address: SocketAddress, _ accepting: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        let limits = configuration.limits
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: PeerHandler.waterMark(limits))
            .childChannelInitializer(accepting)
        if address.protocol == .inet6 {
            let onlyV6 = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.serverChannelOption(onlyV6, value: 1)
        }
        return try await bootstrap.bind(to: address).get()
    }
}
