import Catalog
import Foundation
import Logging
import Media
import Publishing
import ServiceLifecycle
import Site
import Store
import Synchronization
import WebServer

extension ServerParts {
    /// What runs, each needing only those before it: they are stopped from the last to the first, so that requests
    /// finish before the seeder goes, and everything before the database. Cuts end first: requests wait for them.
    var services: [any Service] {
        [
            totals, swarms, history, JobRunner(publisher: publisher, worker: worker, logger: Logger(label: "jobs")),
            resolver,
            SettingsWatcher(store: store, settings: settings, publisher: publisher),
            TrackerSettingsFollower(store: store, tracker: tracker, logger: Logger(label: "tracker")), tracker, engine,
            importer, LeecherDialler(tracker: tracker, engine: engine), CeilingFeeder(tracker: tracker, engine: engine),
            PeerSettingsFollower(store: store, engine: engine, logger: Logger(label: "seeder")),
            OutsideTrackerSettings(store: store, trackers: outside, logger: Logger(label: "outside")), outside,
        ] + listeners.all + [publisher.clips, shuttingDown]
    }

    /// The worker of clips: they wait for processes of their own, never behind the jobs.
    ///
    /// A large clip is sent while it is cut, so that its visitor's connection says how long that takes: six hours are
    /// enough for 2.7 GB at 1 Mbit/s. Its processor time stays as short as that of any cut, and a visitor who takes
    /// nothing for long is left by the web server.
    static var clipWorker: MediaWorkerClient {
        var limits = MediaWorkerLimits.standard
        limits.cut.wallSeconds = 6 * 3600
        return MediaWorkerClient(
            executable: ProgramFiles.mediaWorker, limits: limits, concurrency: 8, patience: .seconds(120),
            logger: Logger(label: "clips"))
    }

    private var importer: Importer {
        Importer(
            publisher: publisher, ingest: ingest, fetching: EngineFetching(engine: engine),
            folder: configuration.dataDirectory.appending(path: "imports").path(), node: node,
            logger: Logger(label: "imports"))
    }
}

/// The bound servers, kept from binding until they run.
final class Listeners: Sendable {
    private let servers = Mutex<[HTTPServer]>([])

    var all: [any Service] { servers.withLock { $0 } }

    func set(web: HTTPServer, tracker: HTTPServer) { servers.withLock { $0 = [tracker, web] } }
}

/// Set first when the server is told to stop, so that `/readyz` sends the load balancer elsewhere.
final class ShutdownFlag: Service {
    private let flag = Mutex(false)

    var isSet: Bool { flag.withLock { $0 } }

    func run() async throws {
        try? await gracefulShutdown()
        flag.withLock { $0 = true }
    }
}

/// Takes over what another node has changed: forgets the settings in memory, and switches BitTorrent here too.
struct SettingsWatcher: Service {
    let store: Store
    let settings: SettingsCache
    let publisher: Publisher

    func run() async throws {
        var isOn = try? await store.settings.load().bittorrentEnabled
        for await _ in store.settings.changes().cancelOnGracefulShutdown() {
            settings.forget()
            guard let now = try? await settings.current().bittorrentEnabled, now != isOn else { continue }
            isOn = now
            _ = try? await publisher.resumeAll()
        }
        try? await gracefulShutdown()
    }
}
