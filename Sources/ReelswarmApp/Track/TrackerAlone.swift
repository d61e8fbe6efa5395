import Cryptography
import Foundation
import Logging
import Metainfo
import ServiceLifecycle
import TrackerServer
import UnixSignals
import WebServer

/// A tracker without a site: UDP and HTTP on one port, its files, its figures.
struct TrackerAlone {
    let configuration: TrackConfiguration
    let metrics: PrometheusRegistry
    private let logger = Logger(label: "tracker")

    init(configuration: TrackConfiguration, metrics: PrometheusRegistry) {
        self.configuration = configuration
        self.metrics = metrics
    }

    /// Returns after a graceful stop (SIGTERM, SIGINT); throws what kept the tracker from starting.
    func run() async throws {
        let saved = configuration.state.flatMap { SwarmStateKeeper.load(path: $0, logger: logger) }
        let seed = saved?.tagSeed ?? SecureRandom.word()
        let tracker = Tracker(
            configuration: TrackerConfiguration(
                hosts: configuration.hosts, policy: configuration.policy, tagSeed: seed,
                isOpen: configuration.admission == .open),
            logger: logger)
        let follower = try await follow(tracker, saved)
        let roll = SwarmRoll(tracker: tracker, known: Set(saved?.records.map(\.hash) ?? []))
        restore(saved, into: tracker)
        let keeper = configuration.state.map {
            SwarmStateKeeper(path: $0, tracker: tracker, roll: roll, tagSeed: seed, logger: logger)
        }
        // A place that cannot be written is said now, not when the swarms are lost.
        try await keeper?.save()
        let meter = TrafficMeter { [metrics] in metrics.announces }
        let desk = StatisticsDesk(tracker: tracker, roll: roll, metrics: metrics, meter: meter)
        let (port, server) = try await bind(tracker, desk)
        try announceReadiness(port)
        defer { configuration.portsFile.map { try? FileManager.default.removeItem(atPath: $0) } }
        let keepers: [any Service] = keeper.map { [$0] } ?? []
        try await serve([roll] + keepers + lines(of: tracker) + [meter, follower, tracker, server])
        logger.info("stopped")
    }

    /// Reads the lists and returns what keeps following them.
    private func follow(_ tracker: Tracker, _ saved: SwarmStateFile.Content?) async throws -> ListFollower {
        var file: String?
        if case .file(let path) = configuration.admission { file = path }
        let completed = (saved?.records ?? []).map { ($0.hash, $0.completed) }
        let follower = ListFollower(
            allowFile: file,
            allowList: AllowList(tracker: tracker, completed: Dictionary(completed) { max($0, $1) }),
            passkeyFile: configuration.passkeys, passkeys: { tracker.setPasskeys($0) }, logger: logger)
        try await follower.readAll()
        return follower
    }

    /// Puts the peers of the last run back, as silent as they have been since.
    private func restore(_ saved: SwarmStateFile.Content?, into tracker: Tracker) {
        guard let saved else { return }
        let now = UInt64(max(0, Date().timeIntervalSince1970))
        let age = Int(clamping: now > saved.savedAt ? now - saved.savedAt : 0)
        let peers = saved.records.reduce(0) { sum, record in
            sum + tracker.restore(record.snapshot, to: record.hash, age: age, completed: record.completed)
        }
        logger.info(
            "swarms restored",
            metadata: ["swarms": "\(saved.records.count)", "peers": "\(peers)", "age": "\(age)"])
    }

    private func lines(of tracker: Tracker) -> [any Service] {
        configuration.logsAnnounces ? [AnnounceLines(tracker: tracker, logger: Logger(label: "announce"))] : []
    }

    /// TCP and UDP share a number: with port 0 the one picked for TCP may be taken for UDP, then another is tried.
    private func bind(_ tracker: Tracker, _ desk: StatisticsDesk) async throws -> (Int, HTTPServer) {
        let threads = ServerThreads()
        var attempts = configuration.port == 0 ? 20 : 1
        while true {
            attempts -= 1
            let server = server(tracker, desk, threads)
            let port = try await server.start()
            do {
                return (try await tracker.start(port: port), server)
            } catch {
                await server.shutdown()
                guard attempts > 0 else { throw error }
            }
        }
    }

    private func server(_ tracker: Tracker, _ desk: StatisticsDesk, _ threads: ServerThreads) -> HTTPServer {
        var router = Router()
        router.addTracker(tracker)
        router.addTrackPages(desk) { [metrics] in metrics.text() }
        var limits = ServerLimits()
        limits.keepAlive = .seconds(30)
        limits.connections = 65_536
        return HTTPServer(
            configuration: HTTPServerConfiguration(
                hosts: configuration.hosts, port: configuration.port, limits: limits,
                trustedProxies: configuration.trustedProxies, serverName: "tracker"),
            router: router, logger: logger, threads: threads)
    }

    private func announceReadiness(_ port: Int) throws {
        if let path = configuration.portsFile {
            try Data("{\"tracker\":\(port)}\n".utf8).write(to: URL(filePath: path), options: .atomic)
        }
        logger.info("ready", metadata: ["tracker": "\(port)"])
        let line = "The tracker is ready on port \(port), TCP and UDP; see http://localhost:\(port)/stats\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    private func serve(_ services: [any Service]) async throws {
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }
}

extension PrometheusRegistry {
    /// Announces so far, by transport.
    var announces: TrafficMeter.Totals {
        TrafficMeter.Totals(
            udp: sum(of: "tracker_announces_total", where: [("transport", "udp")]),
            http: sum(of: "tracker_announces_total", where: [("transport", "http")]))
    }
}
