public import ByteCoding
public import Logging
public import Metainfo
public import ServiceLifecycle
import Synchronization
public import TrackerWire

/// A BitTorrent tracker for torrents that are named to it, over UDP (BEP 15) and HTTP (BEP 3).
///
/// It keeps its swarms in memory, answers for nothing that was not allowed, and tells at once when counts change. UDP is
/// its own; for HTTP mount `HTTPTrackerEndpoint` on any web server.
///
/// ```swift
/// let tracker = Tracker(configuration: TrackerConfiguration(), logger: Logger(label: "tracker"))
/// tracker.allow(infoHash)
/// let port = try await tracker.start(port: 6969)      // udp://this.host:6969/announce answers
///
/// async let running: Void = tracker.run()             // lets silent peers go, until it is stopped
/// for await change in tracker.changes() {
///     print(change.hash, change.counts.seeders, change.counts.leechers)
///     if change.counts.seeders > 10 { break }
/// }
/// tracker.stop()
/// try await running
/// ```
public final class Tracker: Service {
    let logic: TrackerLogic
    let metrics = TrackerMetrics()
    private let logger: Logger
    private let frontEnd = Mutex<UDPFrontEnd?>(nil)
    private let isStopped = Atomic(false)
    private let maintenance = Maintenance()

    /// A tracker of no torrents, not yet listening.
    public init(configuration: TrackerConfiguration, clock: TrackerClock = .monotonic(), logger: Logger) {
        logic = TrackerLogic(configuration: configuration, clock: clock)
        self.logger = logger
    }

    deinit { stop() }

    // MARK: - Running

    /// Listens on UDP and returns the port.
    ///
    /// - Parameter port: the same on all hosts; 0 picks one that is free on all of them.
    /// - Throws: `TrackerError`, whose description is a sentence.
    @discardableResult
    public func start(port: Int) async throws(TrackerError) -> Int {
        guard let number = UInt16(exactly: port) else { throw .badPort(port) }
        var hosts: [IPAddress] = []
        for host in logic.configuration.hosts {
            guard let address = IPAddress(host) else { throw .badHost(host) }
            hosts.append(address)
        }
        let frontEnd = try UDPFrontEnd.bind(hosts: hosts, port: number, logger: logger)
        let isFirst = self.frontEnd.withLock { current in
            guard current == nil, !isStopped.load(ordering: .acquiring) else { return false }
            current = frontEnd
            return true
        }
        guard isFirst else {
            frontEnd.stop()
            throw .alreadyStarted
        }
        do throws(TrackerError) {
            try frontEnd.start(logic: logic, metrics: metrics)
        } catch {
            stop()
            throw error
        }
        logger.info("udp tracker listens", metadata: ["port": "\(frontEnd.port)"])
        return Int(frontEnd.port)
    }

    /// Lets silent peers go, a bounded number at a time, until the task is cancelled, the service group shuts down or
    /// `stop` is called; then closes the sockets.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await maintenance.run(every: .seconds(2)) { [logic] in logic.expire(now: logic.clock.seconds()) }
        } onGracefulShutdown: { [maintenance] in
            maintenance.stop()
        }
        stop()
    }

    /// Closes the sockets and ends `run`; waits for the socket threads, which takes no longer than one batch.
    public func stop() {
        isStopped.store(true, ordering: .releasing)
        maintenance.stop()
        let frontEnd = frontEnd.withLock { frontEnd in
            defer { frontEnd = nil }
            return frontEnd
        }
        frontEnd?.stop()
    }

    // MARK: - Which torrents

    /// Whether anything is answered at all; while false every announce and scrape is refused, and peers are kept.
    public var isEnabled: Bool {
        get { logic.isEnabled }
        set { logic.isEnabled = newValue }
    }

    /// Begins to track a torrent, or goes on after a refusal.
    ///
    /// - Parameters:
    ///   - hash: what the torrent is called in counts and changes.
    ///   - alias: another hash of the same swarm, as a hybrid torrent has (BEP 52).
    ///   - completed: how often it was downloaded before this tracker was made.
    public func allow(_ hash: InfoHash, alias: InfoHash? = nil, completed: UInt64 = 0) {
        logic.store.allow(hash, alias: alias, completed: completed)
        logic.changes.note(hash)
    }

    /// Refuses a torrent from now on, with a sentence to its peers, which are forgotten.
    public func refuse(_ hash: InfoHash, reason: RefusalReason) {
        logic.store.refuse(hash, reason)
        logic.changes.note(hash)
    }

    /// Stops tracking a torrent as if it had never been allowed.
    public func forget(_ hash: InfoHash) {
        logic.store.forget(hash)
        logic.changes.note(hash)
    }

    // MARK: - The seeder of this process

    /// Says where peers reach the seeder that runs in this process; nil when there is none.
    public func setLocalSeeder(addresses: SeederAddresses?) { logic.store.setSeeder(addresses) }

    /// Says whether that seeder shares a torrent: it is then counted as one seeder and handed out.
    public func localSeeding(_ hash: InfoHash, _ isSeeding: Bool) {
        if logic.store.setSeededHere(hash, isSeeding) { logic.changes.note(hash) }
    }

    // MARK: - Answering

    /// Takes an announce in and answers it; never waits.
    ///
    /// - Parameters:
    ///   - request: what the client says.
    ///   - source: where it came from; only this address counts, its port does not.
    ///   - localAddress: where it arrived.
    ///   - transport: how it came, which decides on the families of the peers in the answer.
    public func announce(
        _ request: AnnounceRequest, from source: Endpoint, localAddress: IPAddress, transport: TrackerTransport
    ) -> Result<AnnounceAnswer, TrackerFailure> {
        var peers: [Endpoint] = []
        let result = logic.announce(
            request, from: source.address, at: localAddress, over: transport, now: logic.clock.seconds(), into: &peers)
        return result.mapError(\.failure).map { counts in
            AnnounceAnswer(counts, configuration: logic.configuration, peers: peers, source: source.address)
        }
    }

    /// The counts of those of the torrents that are tracked.
    public func scrape(_ hashes: [InfoHash]) -> [(InfoHash, SwarmCounts)] {
        hashes.compactMap { hash in logic.store.counts(hash).map { (hash, $0) } }
    }

    // MARK: - Watching

    /// The counts of a torrent; zeros for one that is not tracked.
    public func counts(_ hash: InfoHash) -> SwarmCounts { logic.store.counts(hash) ?? SwarmCounts() }

    /// Whether a torrent is tracked.
    public func isTracking(_ hash: InfoHash) -> Bool { logic.store.counts(hash) != nil }

    /// Sums over all torrents; takes each shard's lock once.
    public func totals() -> TrackerTotals { logic.store.totals() }

    /// Counts as they change, from now on. A follower that is slow misses steps, never the latest counts; one that stops
    /// reading costs one entry per torrent at most.
    public func changes() -> AsyncStream<SwarmChange> {
        let mailbox = logic.changes.follow()
        let store = logic.store
        return AsyncStream {
            await mailbox.next().map { SwarmChange(hash: $0, counts: store.counts($0) ?? SwarmCounts()) }
        } onCancel: {
            mailbox.close()
        }
    }

    /// Leechers as they announce to torrents that the seeder of this process shares, so that it can dial them.
    public func leecherEvents() -> AsyncStream<(InfoHash, Endpoint)> { logic.leechers.listen() }

    /// Every address at which peers of a torrent announced themselves.
    public func peers(of hash: InfoHash) -> [SwarmPeer] { logic.store.peers(of: hash, now: logic.clock.seconds()) }

    /// Completed downloads since the last call, to be added to a total that outlives the process.
    public func drainCompleted() -> [InfoHash: UInt64] { logic.store.collectCompleted() }

    /// One step of letting silent peers go, which `run` takes every two seconds; bounded.
    public func expire() { logic.expire(now: logic.clock.seconds()) }
}
