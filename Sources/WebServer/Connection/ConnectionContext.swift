import ByteCoding
import Logging
import NIOCore
import Synchronization

/// What all connections of one server share.
final class ConnectionContext: Sendable {
    let configuration: HTTPServerConfiguration
    let router: Router
    let logger: Logger
    let connections: ConnectionRegistry
    let metrics: RequestMetrics
    let date = DateHeader()
    private let lastNumber = Atomic<UInt64>(UInt64.random(in: 0...(UInt64.max >> 16)) << 8)

    var limits: ServerLimits { configuration.limits }

    init(configuration: HTTPServerConfiguration, router: Router, logger: Logger, connections: ConnectionRegistry) {
        self.configuration = configuration
        self.router = router
        self.logger = logger
        self.connections = connections
        metrics = RequestMetrics(server: configuration.serverName)
    }

    /// The number of the next request: from a random start, so that ids of two runs do not meet.
    func nextNumber() -> UInt64 {
        lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Sets up an accepted connection, or closes it when its address or the server has too many.
    func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let remote = channel.remoteAddress.flatMap(SocketEndpoint.endpoint),
            let local = channel.localAddress.flatMap(SocketEndpoint.endpoint),
            connections.admit(channel, from: remote.address)
        else { return channel.close() }
        channel.closeFuture.whenComplete { [connections] _ in connections.remove(channel, from: remote.address) }
        return channel.eventLoop.makeCompletedFuture {
            // TLS joins the pipeline here, in front of the handler.
            let handler = ConnectionHandler(shared: self, remote: remote, local: local, sendsFiles: true)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}
