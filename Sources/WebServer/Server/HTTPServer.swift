import ByteCoding
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// An HTTP/1.1 server of our own on NIO's sockets.
///
/// `start` binds and serves at once; `run` (as a service) waits for the graceful shutdown: it then stops accepting,
/// lets requests in flight finish within `ServerLimits.grace`, and cuts the rest.
public final class HTTPServer: Service {
    let configuration: HTTPServerConfiguration
    let router: Router
    let logger: Logger
    private let threads: ServerThreads
    private let ownsThreads: Bool
    private let state = Mutex(State())
    let connections: ConnectionRegistry

    private struct State {
        var listeners: [any Channel] = []
        var port: Int?
        var stopped = false
    }

    /// A server that is not listening yet. Without `threads` it makes its own.
    public init(
        configuration: HTTPServerConfiguration, router: Router, logger: Logger, threads: ServerThreads? = nil
    ) {
        self.configuration = configuration
        self.router = router
        self.logger = logger
        self.threads = threads ?? ServerThreads()
        self.ownsThreads = threads == nil
        self.connections = ConnectionRegistry(
            limits: configuration.limits, exempt: configuration.trustedProxies, name: configuration.serverName)
    }

    /// The port, once bound.
    public var port: Int? { state.withLock { $0.port } }

    /// Binds every host and serves.
    ///
    /// - Returns: the port, the same on all hosts.
    /// - Throws: `ListenError` when a host cannot be bound; then none is.
    public func start() async throws -> Int {
        if let port { return port }
        let context = ConnectionContext(
            configuration: configuration, router: router, logger: logger, connections: connections)
        let binder = ListenerBinder(group: threads.group, context: context)
        let listeners = try await binder.bind(hosts: configuration.hosts, port: configuration.port)
        let port = listeners.first?.localAddress?.port ?? configuration.port
        state.withLock {
            $0.listeners = listeners
            $0.port = port
        }
        logger.info("listening", metadata: ["server": "\(configuration.serverName)", "port": "\(port)"])
        return port
    }

    /// Serves until the graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        _ = try await start()
        let (ended, signal) = AsyncStream<Void>.makeStream()
        await withGracefulShutdownHandler {
            // The stream never yields; it ends by shutdown or by cancellation of this task.
            for await _ in ended {}
        } onGracefulShutdown: {
            signal.finish()
        }
        await shutdown()
    }

    /// Stops accepting, waits for requests in flight up to the grace time, then cuts what is left.
    public func shutdown() async {
        let listeners = state.withLock { state in
            defer {
                state.stopped = true
                state.listeners = []
            }
            return state.stopped ? nil : state.listeners
        }
        guard let listeners else { return }
        for listener in listeners { try? await listener.close().get() }
        await connections.drain(grace: configuration.limits.grace)
        if ownsThreads { try? await threads.shutdown() }
    }

    deinit {
        // A server that never ran must not leave its threads behind.
        guard ownsThreads, !state.withLock({ $0.stopped }) else { return }
        threads.group.shutdownGracefully { _ in }
    }
}
