import ByteCoding
import Dialling
import Logging
import NIOCore
import NIOPosix

/// The UDP sockets of the node: one for each address family, both with the same port.
struct DHTSockets: Sendable {
    /// The open channels.
    let channels: [DialFamily: any Channel]
    /// Their port.
    let port: Int

    /// Opens a socket at the first host of each family. With port 0 the first gets a free one, and another is tried
    /// when the other family has it taken. A family this machine does not have is left out while the other can be had.
    static func open(
        hosts: [String], port: Int, on eventLoop: any EventLoop, logger: Logger,
        configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> DHTSockets {
        var attempts = port == 0 ? 20 : 1
        while true {
            attempts -= 1
            do {
                return try await openOnce(hosts: hosts, port: port, on: eventLoop, logger: logger, configure)
            } catch let error as IOError where error.errnoCode == EADDRINUSE && attempts > 0 {}
        }
    }

    /// Closes the sockets.
    func close() async {
        for channel in channels.values { try? await channel.close() }
    }

    private static func openOnce(
        hosts: [String], port: Int, on eventLoop: any EventLoop, logger: Logger,
        _ configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> DHTSockets {
        var channels: [DialFamily: any Channel] = [:]
        var port = port
        var lastError: any Error = ChannelError.operationUnsupported
        for host in hosts {
            guard let address = IPAddress(host), channels[DialFamily(of: address)] == nil else { continue }
            do {
                let channel = try await bind(SocketAddress(ipAddress: host, port: port), on: eventLoop, configure)
                channels[DialFamily(of: address)] = channel
                port = channel.localAddress?.port ?? port
            } catch let error as IOError where [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.errnoCode) {
                lastError = error
                logger.warning("DHT address not available", metadata: ["host": "\(host)", "error": "\(error)"])
            } catch {
                await DHTSockets(channels: channels, port: port).close()
                throw error
            }
        }
        if channels.isEmpty { throw lastError }
        return DHTSockets(channels: channels, port: port)
    }

    private static func bind(
        _ address: SocketAddress, on eventLoop: any EventLoop,
        _ configure: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        var bootstrap = DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
            .channelInitializer(configure)
        if address.protocol == .inet6 {
            let onlyV6 = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.channelOption(onlyV6, value: 1)
        }
        return try await bootstrap.bind(to: address).get()
    }
}
