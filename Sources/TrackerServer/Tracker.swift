import ByteCoding
public import Logging
public import ServiceLifecycle
import Synchronization

/// A BitTorrent tracker for torrents that are named to it, over UDP (BEP 15) and HTTP (BEP 3).
///
/// It keeps its swarms in memory, answers for nothing that was not allowed unless it is open to all, and tells at once
/// when counts change. UDP is its own; for HTTP mount `HTTPTrackerEndpoint` on any web server.
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
        let frontEnd = try UDPFrontEnd.bind(
            hosts: hosts, port: number, workers: logic.configuration.workersPerHost, logger: logger)
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
}
