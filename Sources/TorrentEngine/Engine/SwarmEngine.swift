public import ByteCoding
import Dialling
public import Logging
public import Metainfo
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// The seeder: one port for all torrents, answering peers and dialling leechers.
///
/// All state of all torrents lives on one event loop of its own, in `EngineCore`; the methods here enter it. An idle
/// torrent is a dictionary entry.
public final class SwarmEngine: Service {
    /// The id this engine gives itself in handshakes; made anew at every start.
    public let peerID: PeerID
    private let group: MultiThreadedEventLoopGroup
    private let configuration: EngineConfiguration
    private let core: NIOLoopBoundBox<EngineCore>
    private let listeners: Listeners
    private let uploads: UploadTotals
    private let exchanges: ExchangeTotals
    private let enabled = Atomic<Bool>(true)
    private let stopped = Atomic<Bool>(false)
    private let logger: Logger

    private var eventLoop: any EventLoop { core.eventLoop }

    /// An engine that does not listen yet. It has to be ended with `stop()` or by `run()`.
    public init(configuration: EngineConfiguration = EngineConfiguration(), logger: Logger) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let uploads = UploadTotals()
        let exchanges = ExchangeTotals()
        let identity = EngineIdentity(configuration: configuration)
        self.group = group
        self.configuration = configuration
        self.peerID = identity.peerID
        self.logger = logger
        self.uploads = uploads
        self.exchanges = exchanges
        self.core = NIOLoopBoundBox.makeBoxSendingValue(
            EngineCore(
                configuration: configuration, identity: identity, uploads: uploads, exchanges: exchanges,
                eventLoop: eventLoop, logger: logger),
            eventLoop: eventLoop)
        self.listeners = Listeners(configuration: configuration, group: group, logger: logger)
    }

    /// Listens. Returns the port, the same on every host; throws when it cannot be had on all of them.
    public func start() async throws -> Int {
        let core = core
        let port = try await listeners.open { channel in
            channel.eventLoop.makeCompletedFuture { try core.value.attach(channel, origin: .incoming) }
        }
        await onLoop { $0.listensAt(port: port) }
        await startDiscovery(port: port)
        logger.info("peer port open", metadata: ["port": "\(port)"])
        return port
    }

    /// Keeps seeding until the service group shuts down gracefully, then closes all connections. `start()` comes first.
    public func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }

    /// Closes the port and all connections and ends the engine's thread. The engine cannot be started again.
    public func stop() async {
        guard !stopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        await listeners.close()
        let core = core
        let farewells = try? await eventLoop.submit { core.value.stopDownloads() }.get()
        await farewells?()
        try? await eventLoop.flatSubmit { core.value.shutDown() }.get()
        let clients = try? await eventLoop.submit { core.value.takeClients() }.get()
        await clients?()
        try? await group.shutdownGracefully()
        logger.info("peer engine stopped")
    }

    /// Starts seeding a torrent. One that is known already gets the new content and metadata; its peers stay.
    public func add(_ torrent: SeededTorrent) async {
        await onLoop { $0.add(torrent) }
    }

    /// Stops seeding or downloading: the hash (or alias) is unknown from now on, and its peers are closed at once. The
    /// state of a download is saved; its files stay.
    public func remove(_ hash: InfoHash) async {
        let leftover = await onLoop { core -> Leftover? in
            if let leftover = core.downloads.takeOut(hash, isDeleting: false) { return leftover }
            core.remove(hash)
            return nil
        }
        await (leftover ?? nil)?.farewell()
    }

    /// Whether BitTorrent is on. Switched off, the port refuses every handshake and all peers are closed.
    public var isEnabled: Bool {
        get { enabled.load(ordering: .acquiring) }
        set { switchOn(newValue) }
    }

    /// Sets `isEnabled`; by the time it returns, a switched-off engine has closed its peers.
    public func setEnabled(_ isOn: Bool) async {
        enabled.store(isOn, ordering: .releasing)
        await onLoop { $0.setEnabled(isOn) }
    }

    /// A leecher has announced itself for `hash`: it is dialled when the rules and free slots allow, and again after
    /// a disconnect while it is still being named here.
    ///
    /// - Parameter scope: The class of the address at which the one who named it was reached; for an announce to our
    ///   own tracker, that of the announce's source address.
    public func consider(_ endpoint: Endpoint, for hash: InfoHash, namedFromScope scope: AddressScope) {
        guard !stopped.load(ordering: .acquiring) else { return }
        let core = core
        eventLoop.execute { core.value.consider(endpoint, for: hash, namedFrom: scope) }
    }

    /// The leecher has stopped or completed: it is not dialled again until it is named anew.
    public func forget(_ endpoint: Endpoint, for hash: InfoHash) {
        guard !stopped.load(ordering: .acquiring) else { return }
        let core = core
        eventLoop.execute { core.value.forget(endpoint, for: hash) }
    }

    /// Content bytes sent since the start, by torrent; at most one second behind.
    public func uploadedTotals() -> [InfoHash: UInt64] { uploads.totals() }

    /// Content bytes of one torrent sent since the start.
    public func uploaded(_ hash: InfoHash) -> UInt64 { uploads.total(of: hash) }

    /// Content bytes sent since the last drain, by torrent: what the caller now has to keep.
    public func drainUploaded() -> [InfoHash: UInt64] { uploads.drain() }

    /// Bytes that the peers of a torrent came to hold, by their own word, while they were connected to us, less those we
    /// sent them: what they gave each other, as far as we saw. It never falls while the torrent is seeded.
    ///
    /// - Returns: nil when no peer was connected for the torrent since the start.
    public func exchange(of hash: InfoHash) -> UInt64? { exchanges.total(of: hash) }

    /// Torrents that somebody is connected for who has not everything.
    public func torrentsWithLeechers() async -> [InfoHash] {
        await onLoop { $0.torrentsWithLeechers } ?? []
    }

    /// Seconds since a peer at a public address last shook hands with us on a connection it had opened itself: evidence
    /// that our port is reached from outside. Nil when that never happened.
    public var lastInboundPeer: Int? {
        get async { await onLoop { $0.secondsSinceLastInbound } ?? nil }
    }

    /// The connected peers of a torrent.
    public func peers(of hash: InfoHash) async -> [PeerStatus] {
        await onLoop { $0.peers(of: hash) } ?? []
    }

    /// Sums over the whole engine.
    public func statistics() async -> EngineStatistics {
        await onLoop { $0.statistics } ?? EngineStatistics()
    }

    private func switchOn(_ isOn: Bool) {
        enabled.store(isOn, ordering: .releasing)
        guard !stopped.load(ordering: .acquiring) else { return }
        let core = core
        eventLoop.execute { core.value.setEnabled(isOn) }
    }

    /// Opens what finds peers besides trackers, as far as it is wanted.
    private func startDiscovery(port: Int) async {
        let found = finder()
        if configuration.usesLocalDiscovery {
            let discovery = LocalDiscovery(
                port: UInt16(clamping: port), settings: LocalDiscoverySettings(hosts: configuration.hosts),
                found: found, logger: logger)
            if await discovery.start() > 0 { await onLoop { $0.opened(discovery) } }
        }
        guard configuration.usesDHT else { return }
        let node = DHTNode(
            configuration: DHTConfiguration(
                hosts: configuration.hosts, port: port, bootstrap: configuration.dhtBootstrap,
                stateFile: configuration.stateDirectory.map { $0 + "/dht.nodes" }, rules: configuration.dialRules),
            logger: logger)
        do {
            _ = try await node.start()
            await onLoop { $0.opened(dht: node) }
        } catch {
            await node.stop()
            logger.warning("DHT not available", metadata: ["error": "\(error)"])
        }
    }

    private func finder() -> LocalDiscovery.Found {
        let (core, eventLoop) = (core, eventLoop)
        return { hash, peer in
            eventLoop.execute {
                core.value.downloads[hash]?.found([peer], namedFrom: peer.address.scope, source: .local)
            }
        }
    }

    /// Runs `body` on the event loop; nil when the engine has stopped.
    @discardableResult
    func onLoop<T: Sendable>(_ body: @escaping @Sendable (EngineCore) -> T) async -> T? {
        guard !stopped.load(ordering: .acquiring) else { return nil }
        let core = core
        return try? await eventLoop.submit { body(core.value) }.get()
    }

    /// Runs `body` on the event loop soon; `orElse` when the engine has stopped.
    func enqueue(_ body: @escaping @Sendable (EngineCore) -> Void, orElse stopped: @escaping @Sendable () -> Void) {
        guard !self.stopped.load(ordering: .acquiring) else { return stopped() }
        let core = core
        eventLoop.execute { body(core.value) }
    }
}
