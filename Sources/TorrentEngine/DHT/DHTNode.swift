public import ByteCoding
import Dialling
public import Logging
public import Metainfo
import NIOCore
import NIOPosix
import Synchronization

/// A node of the distributed hash table (BEP 5; IPv6: BEP 32; node ids: BEP 42), shared by all torrents of an engine.
///
/// Private torrents must never be named here. What is asked before `start` is done then.
public final class DHTNode: Sendable {
    private struct Running {
        var sockets: DHTSockets?
        var tasks: [Task<Void, Never>] = []
        var isStopped = false
    }

    private static let saveInterval = Duration.seconds(10 * 60)
    private let configuration: DHTConfiguration
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let loop: NIOLoopBoundBox<DHTLoop>
    private let running = Mutex(Running())

    private var eventLoop: any EventLoop { loop.eventLoop }
    private var isStopped: Bool { running.withLock(\.isStopped) }

    /// A node that does not listen yet. It has to be ended with `stop()`.
    public init(configuration: DHTConfiguration, logger: Logger) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        self.configuration = configuration
        self.logger = logger
        self.group = group
        loop = NIOLoopBoundBox.makeBoxSendingValue(
            DHTLoop(configuration: configuration, eventLoop: eventLoop, logger: logger), eventLoop: eventLoop)
    }

    /// Opens the UDP sockets and begins to find other nodes. Returns the port, the same for both address families;
    /// throws when it cannot be had. It is called once.
    ///
    /// - Parameter port: Used instead of the configuration's, where given.
    public func start(port: Int? = nil) async throws -> Int {
        let loop = loop
        let sockets = try await DHTSockets.open(
            hosts: configuration.hosts, port: port ?? configuration.port, on: eventLoop, logger: logger
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(DHTPacketHandler(node: loop.value))
            }
        }
        let isStopped = running.withLock { running in
            if !running.isStopped { running.sockets = sockets }
            return running.isStopped
        }
        guard !isStopped else {
            await sockets.close()
            throw CancellationError()
        }
        let saved = await load()
        await onLoop { $0.begin(channels: sockets.channels, saved: saved) }
        keep(Task { [weak self] in await self?.resolveBootstrap() })
        keep(Task { [weak self] in await self?.saveRegularly() })
        logger.info("DHT port open", metadata: ["port": "\(sockets.port)"])
        return sockets.port
    }

    /// Peers of a torrent as they are found: a lookup now, and again every 15 minutes while the stream is held.
    /// A lookup that finds nobody is repeated sooner.
    ///
    /// Every endpoint has passed the rules with the address of the node that named it: dial it as named from its own
    /// scope (`endpoint.address.scope`). We may be among the peers.
    public func peers(of hash: InfoHash) -> AsyncStream<[Endpoint]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [Endpoint].self, bufferingPolicy: .bufferingNewest(256))
        let loop = loop
        execute { node in
            guard let number = node.listen(to: hash, continuation) else { return }
            continuation.onTermination = { reason in
                guard case .cancelled = reason else { return }
                loop.eventLoop.execute { loop.value.stopListening(to: hash, number) }
            }
        } orElse: {
            continuation.finish()
        }
        return stream
    }

    /// Announces us as a peer of a torrent at a TCP port, now and every 15 minutes until `withdraw`.
    public func announce(_ hash: InfoHash, port: UInt16, isSeed: Bool) {
        execute { $0.change { $0.announce(hash, port: port, isSeed: isSeed, now: $1) } }
    }

    /// Announces a torrent no more; what others have kept of it fades within half an hour.
    public func withdraw(_ hash: InfoHash) {
        execute { $0.change { core, _ in core.withdraw(hash) } }
    }

    /// A node that a peer named as its own (the PORT message of BEP 5), at the address the peer was reached at.
    public func add(_ node: Endpoint) {
        execute { $0.change { core, _ in core.consider(node, namedFrom: node.address.scope) } }
    }

    /// Nodes that a torrent or magnet names (BEP 5), looked up and checked by the rules.
    ///
    /// - Parameter scope: The class of the address at which the one who named them was reached.
    public func add(_ nodes: [NodeAddress], namedFrom scope: AddressScope) {
        let dialler = Dialler(rules: configuration.rules, logger: logger)
        let nodes = nodes.prefix(16)
        // Ends by itself, with the last name resolved or not.
        Task { [weak self] in
            for node in nodes {
                let found = try? await dialler.endpoints(host: node.host, port: node.port, namedFrom: scope)
                guard let found, let self else { continue }
                self.execute { loop in
                    loop.change { core, _ in for endpoint in found { core.consider(endpoint, namedFrom: scope) } }
                }
            }
        }
    }

    /// What the node knows and has done.
    public func statistics() async -> DHTStatistics { await onLoop(\.statistics) ?? DHTStatistics() }

    /// Saves the nodes, closes the sockets and ends all streams. The node cannot be started again.
    public func stop() async {
        let last: Running? = running.withLock { running in
            guard !running.isStopped else { return nil }
            running.isStopped = true
            return running
        }
        guard let last else { return }
        for task in last.tasks { task.cancel() }
        let loop = loop
        let state = try? await eventLoop.submit {
            defer { loop.value.stop() }
            return loop.value.state
        }.get()
        if let state { await save(state) }
        await last.sockets?.close()
        try? await group.shutdownGracefully()
    }

    /// Looks the operator's nodes up. Names that cannot be resolved are tried again: the network may come up later.
    private func resolveBootstrap() async {
        // The operator may name any address.
        let dialler = Dialler(rules: DialRules(allowsPrivateAddresses: true, lowestPort: 1), logger: logger)
        var left = configuration.bootstrap
        while !left.isEmpty, !Task.isCancelled {
            var unresolved: [NodeAddress] = []
            for node in left {
                do {
                    let found = try await dialler.endpoints(host: node.host, port: node.port, namedFrom: .loopback)
                    execute { $0.change { $0.addEntryPoints(found, now: $1) } }
                } catch {
                    logger.debug("DHT node not found", metadata: ["node": "\(node)", "error": "\(error)"])
                    unresolved.append(node)
                }
            }
            left = unresolved
            if !left.isEmpty { try? await Task.sleep(for: .seconds(60)) }
        }
    }

    private func saveRegularly() async {
        guard configuration.stateFile != nil else { return }
        while (try? await Task.sleep(for: Self.saveInterval)) != nil {
            if let state = await onLoop(\.state), let state { await save(state) }
        }
    }

    private func load() async -> DHTState {
        guard let path = configuration.stateFile else { return DHTState() }
        return (try? await NIOThreadPool.singleton.runIfActive { DHTStateFile(path: path).load() }) ?? DHTState()
    }

    private func save(_ state: DHTState) async {
        guard let path = configuration.stateFile else { return }
        let isSaved = try? await NIOThreadPool.singleton.runIfActive { DHTStateFile(path: path).save(state) }
        if isSaved != true { logger.warning("DHT nodes not saved", metadata: ["file": "\(path)"]) }
    }

    private func keep(_ task: Task<Void, Never>) {
        let isStopped = running.withLock { running in
            if !running.isStopped { running.tasks.append(task) }
            return running.isStopped
        }
        if isStopped { task.cancel() }
    }

    private func execute(_ body: @escaping @Sendable (DHTLoop) -> Void, orElse: () -> Void = {}) {
        guard !isStopped else { return orElse() }
        let loop = loop
        eventLoop.execute { body(loop.value) }
    }

    /// Runs `body` on the event loop; nil when the node has stopped.
    @discardableResult
    private func onLoop<T: Sendable>(_ body: @escaping @Sendable (DHTLoop) -> T) async -> T? {
        guard !isStopped else { return nil }
        let loop = loop
        return try? await eventLoop.submit { body(loop.value) }.get()
    }
}
