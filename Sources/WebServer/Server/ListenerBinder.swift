import ByteCoding
import Glibc
import Logging
import NIOCore
import NIOPosix

/// Binds the configured hosts to one port number, a socket for each.
struct ListenerBinder {
    let group: MultiThreadedEventLoopGroup
    let context: ConnectionContext

    /// Binds all hosts, or none.
    func bind(hosts: [String], port: Int) async throws -> [any Channel] {
        // With port 0 the first host's free port may be taken on the next: then another is tried.
        var attempts = port == 0 ? 20 : 1
        while true {
            do {
                return try await bindAll(hosts: hosts, port: port)
            } catch let error as ListenError {
                attempts -= 1
                guard error.isAddressInUse, attempts > 0 else { throw error }
            }
        }
    }

    private func bindAll(hosts: [String], port: Int) async throws -> [any Channel] {
        var bound: [any Channel] = []
        var chosen = port
        for host in hosts {
            do {
                let channel = try await bind(host: host, port: chosen)
                bound.append(channel)
                chosen = channel.localAddress?.port ?? chosen
            } catch {
                if Self.isMissingFamily(error, host: host), hosts.count > 1 {
                    context.logger.notice("address family not available", metadata: ["host": "\(host)"])
                    continue
                }
                for channel in bound { try? await channel.close().get() }
                throw Self.listenError(error, host: host, port: chosen)
            }
        }
        guard !bound.isEmpty else {
            throw ListenError(
                host: hosts.joined(separator: " "), port: port, isAddressInUse: false, reason: "no address")
        }
        return bound
    }

    private func bind(host: String, port: Int) async throws -> any Channel {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let address = try SocketAddress.makeAddressResolvingHost(bare, port: port)
        let context = context
        // What is set here is set once; accepted sockets inherit it from the listening one. A child option would be a
        // chain of futures for every connection.
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                do {
                    try Self.configure(channel)
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
                return context.accept(channel)
            }
        if case .v6 = address {
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return try await bootstrap.bind(to: address).get()
    }

    private static func configure(_ channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.autoRead, value: false)
        try options.setOption(.allowRemoteHalfClosure, value: true)
        try options.setOption(.maxMessagesPerRead, value: 4)
        try options.setOption(.writeBufferWaterMark, value: .init(low: 65_536, high: 262_144))
        try options.setOption(
            .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 4096, maximum: 262_144))
    }

    /// A machine without IPv6 (or IPv4) still serves on the other wildcard address.
    private static func isMissingFamily(_ error: any Error, host: String) -> Bool {
        guard let error = error as? IOError, ["::", "[::]", "0.0.0.0"].contains(host) else { return false }
        return error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL
    }

    private static func listenError(_ error: any Error, host: String, port: Int) -> ListenError {
        let code = (error as? IOError)?.errnoCode
        return ListenError(host: host, port: port, isAddressInUse: code == EADDRINUSE, reason: "\(error)")
    }
}
