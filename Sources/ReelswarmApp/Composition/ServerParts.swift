import Accounts
import Catalog
import Cryptography
import Dialling
import Foundation
import Logging
import Media
import Metainfo
import Postgres
import Publishing
import ServiceLifecycle
import Site
import Store
import TorrentEngine
import TrackerClient
import TrackerServer
import WebServer

/// Every part of the server, built in the order of what needs what.
struct ServerParts: Sendable {
    let configuration: ServeConfiguration
    let logger: Logger
    let metrics: PrometheusRegistry
    let database: Database
    let store: Store
    let accounts: AccountService
    let worker: MediaWorkerClient
    let cache: MediaCache
    let ingest: Ingest
    let tracker: Tracker
    let engine: SwarmEngine
    let totals: SwarmTotalsKeeper
    let node: String
    let swarms: SwarmArchive
    let history: HistoryRecorder
    let outside: OutsideTrackers
    let publisher: Publisher
    let settings: SettingsCache
    let resolver: PublicAddressResolver
    let shuttingDown = ShutdownFlag()
    let listeners = Listeners()

    static func build(
        _ configuration: ServeConfiguration, database: Database, metrics: PrometheusRegistry, logger: Logger
    ) async throws -> ServerParts {
        try await Migrations(directory: configuration.resources.appending(path: "migrations").path()).run(on: database)
        let store = Store(database: database)
        let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
        let node = try NodeID.load(in: configuration.dataDirectory)
        let cache = try MediaCache(
            directory: configuration.dataDirectory.appending(path: "cache").path(),
            limitBytes: configuration.cacheLimit,
            store: store, logger: Logger(label: "cache"))
        let tracker = Tracker(
            configuration: TrackerConfiguration(
                hosts: configuration.hosts, policy: TrackerPolicy(try await store.settings.load().tracker),
                tagSeed: try await store.swarms.tagSeed()),
            logger: Logger(label: "tracker"))
        let engine = SwarmEngine(configuration: .site(configuration), logger: Logger(label: "seeder"))
        let totals = SwarmTotalsKeeper(store: store, tracker: tracker, engine: engine, logger: logger)
        try await totals.load()
        let outside = OutsideTrackers(
            client: TrackerClient(
                rules: DialRules(allowsPrivateAddresses: configuration.allowsPrivateTrackers, lowestPort: 1),
                logger: Logger(label: "outside")),
            peerID: engine.peerID, uploaded: totals.uploaded, consider: engine.consider,
            logger: Logger(label: "outside"))
        return ServerParts(
            configuration: configuration, logger: logger, metrics: metrics, database: database, store: store,
            accounts: AccountService(
                store: store, gate: ScryptGate(concurrent: 2, waiting: 16), logger: Logger(label: "accounts")),
            worker: worker, cache: cache,
            ingest: Ingest(store: store, cache: cache, worker: worker, logger: Logger(label: "ingest")),
            tracker: tracker, engine: engine, totals: totals, node: node,
            swarms: SwarmArchive(store: store, tracker: tracker, node: node, logger: Logger(label: "tracker")),
            history: HistoryRecorder(
                store: store, tracker: tracker, uploads: totals.takeUnrecorded, logger: Logger(label: "tracker")),
            outside: outside,
            publisher: Publisher(
                store: store, cache: cache, worker: clipWorker,
                seeding: EngineSeeding(engine: engine, tracker: tracker, outside: outside),
                registry: TrackerRegistry(tracker: tracker), logger: Logger(label: "publishing")),
            settings: SettingsCache(repository: store.settings),
            resolver: PublicAddressResolver(url: configuration.publicURL, logger: logger))
    }

    /// Binds tracker, seeder and web, in the order in which each needs the ports of the others.
    func bind() async throws -> PortsFile {
        let threads = ServerThreads()
        let (trackerPort, trackerServer) = try await bindTracker(threads)
        let peerPort = try await engine.start()
        tracker.setLocalSeeder(
            addresses: SeederAddresses(explicit: configuration.peerAddresses, port: UInt16(clamping: peerPort)))
        let web = try webServer(
            trackerPort: UInt16(clamping: trackerPort), peerPort: UInt16(clamping: peerPort), threads)
        let port = try await web.start()
        let own = ownTrackers(web: UInt16(clamping: port), tracker: UInt16(clamping: trackerPort))
        outside.listens(peerPort: UInt16(clamping: peerPort), own: own)
        followPublicAddresses(peerPort: UInt16(clamping: peerPort), own: own)
        listeners.set(web: web, tracker: trackerServer)
        return PortsFile(http: port, tracker: trackerPort, peer: peerPort)
    }

    /// What of configured announce URLs leads back to us.
    private func ownTrackers(web: UInt16, tracker: UInt16) -> OwnTrackers {
        let machine = ProcessInfo.processInfo.hostName
        let publicPort = configuration.publicURL.map { $0.port ?? ($0.scheme == "https" ? 443 : 80) }
        return OwnTrackers(
            names: [machine] + configuration.allowedHosts + (configuration.publicURL.map { [$0.host] } ?? []),
            addresses: LocalAddresses.current().union(configuration.peerAddresses),
            webPorts: Set([web, tracker] + (publicPort.map { [$0] } ?? [])), udpPort: tracker)
    }

    /// What the public URL resolves to is ours: announce URLs with such an address lead back to us, and peers reach the
    /// seeder there when no addresses were configured.
    private func followPublicAddresses(peerPort: UInt16, own: OwnTrackers) {
        resolver.onChange { [tracker, outside, configuration] found in
            var own = own
            own.addresses.formUnion(found)
            outside.listens(peerPort: peerPort, own: own)
            guard configuration.peerAddresses.isEmpty else { return }
            tracker.setLocalSeeder(addresses: SeederAddresses(explicit: found, port: peerPort))
        }
    }

    /// TCP and UDP share a number: with port 0 the one picked for TCP may be taken for UDP, then another is tried.
    private func bindTracker(_ threads: ServerThreads) async throws -> (Int, HTTPServer) {
        var attempts = configuration.trackerPort == 0 ? 20 : 1
        while true {
            attempts -= 1
            let server = trackerServer(threads)
            let port = try await server.start()
            do {
                return (try await tracker.start(port: port), server)
            } catch {
                await server.shutdown()
                guard attempts > 0 else { throw error }
            }
        }
    }

    private func trackerServer(_ threads: ServerThreads) -> HTTPServer {
        var router = Router()
        router.addTracker(tracker)
        return HTTPServer(
            configuration: HTTPServerConfiguration(
                hosts: configuration.hosts, port: configuration.trackerPort,
                trustedProxies: configuration.trustedProxies, serverName: "tracker"),
            router: router, logger: Logger(label: "tracker"), threads: threads)
    }

    private func webServer(trackerPort: UInt16, peerPort: UInt16, _ threads: ServerThreads) throws -> HTTPServer {
        var router = Router()
        mountSite(on: &router, context: try siteContext(trackerPort: trackerPort, peerPort: peerPort))
        router.addTracker(tracker)
        var server = HTTPServerConfiguration(
            hosts: configuration.hosts, port: configuration.port, trustedProxies: configuration.trustedProxies,
            allowedHosts: hostPolicy, serverName: "web")
        server.anyHostPaths = ["/healthz", "/readyz"]
        return HTTPServer(configuration: server, router: router, logger: Logger(label: "web"), threads: threads)
    }

    private func siteContext(trackerPort: UInt16, peerPort: UInt16) throws -> SiteContext {
        let resources = configuration.resources
        return SiteContext(
            store: store, accounts: accounts, publisher: publisher,
            ingest: ingest, cache: cache,
            swarm: SwarmObserver(
                tracker: tracker, engine: engine, totals: totals,
                outside: OutsideReports(
                    reports: outside.reports, changes: outside.changes,
                    usesOwnTracker: { [outside] in outside.usesOwnTracker })),
            settings: settings,
            addresses: PublicAddresses(
                publicURL: configuration.publicURL, trackerPort: trackerPort, peerPort: peerPort,
                peerAddresses: configuration.peerAddresses, resolvedPublicAddresses: { [resolver] in resolver.current }),
            templates: try TemplateLibrary(directory: resources.appending(path: "Templates").path()),
            assets: try StaticAssets(directory: resources.appending(path: "Public").path()) { bytes in
                String(
                    Digest.sha256(bytes).prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                        .joined())
            },
            probes: SiteProbes(
                version: ReelswarmVersion.number,
                obstacles: { [store, shuttingDown] in
                    if shuttingDown.isSet { return ["The server is stopping."] }
                    do throws(StoreError) {
                        try await store.ping()
                        return []
                    } catch {
                        return [error.message]
                    }
                }, metricsText: { [metrics] in metrics.text() }),
            desk: TrackerDeskAdapter(
                tracker: tracker, lastInboundPeer: { [engine] in await engine.lastInboundPeer },
                outsideStates: outside.allStates, logger: Logger(label: "desk")),
            logger: Logger(label: "site"))
    }

    private var hostPolicy: HostPolicy {
        if let url = configuration.publicURL { return .only([url.host] + configuration.allowedHosts) }
        return .local(machineNames: [ProcessInfo.processInfo.hostName], also: configuration.allowedHosts)
    }
}
