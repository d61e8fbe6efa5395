import Logging
import Metainfo
import ServiceLifecycle
import Store
import Synchronization
import TorrentEngine
import TrackerServer

/// Adds what was uploaded and completed to the database every few seconds, so that totals survive a restart.
final class SwarmTotalsKeeper: Service {
    private let store: Store
    private let tracker: Tracker
    private let engine: SwarmEngine
    private let logger: Logger
    /// Bytes uploaded before this process began.
    private let earlier = Mutex<[InfoHash: UInt64]>([:])
    /// What could not be written yet.
    private let pending = Mutex<[InfoHash: SwarmTotals]>([:])

    init(store: Store, tracker: Tracker, engine: SwarmEngine, logger: Logger) {
        self.store = store
        self.tracker = tracker
        self.engine = engine
        self.logger = logger
    }

    /// Reads the totals of earlier runs.
    func load() async throws {
        var last: InfoHash?
        while true {
            let torrents = try await store.torrents.seedable(after: last)
            guard let end = torrents.last else { return }
            earlier.withLock { earlier in
                for torrent in torrents { earlier[torrent.infoHash] = torrent.totals.uploaded }
            }
            last = end.infoHash
        }
    }

    /// Bytes our seeder has sent of a torrent, ever.
    func uploaded(_ hash: InfoHash) -> UInt64 {
        (earlier.withLock { $0[hash] } ?? 0) &+ engine.uploaded(hash)
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(5)) }
            await keep()
        }
    }

    /// Writes what came since the last time; on failure it is kept for the next.
    func keep() async {
        let fresh = pending.withLock { pending in
            for (hash, bytes) in engine.drainUploaded() { pending[hash, default: SwarmTotals()].uploaded &+= bytes }
            for (hash, count) in tracker.drainCompleted() { pending[hash, default: SwarmTotals()].completed &+= count }
            return pending
        }
        guard !fresh.isEmpty else { return }
        do {
            try await store.torrents.addTotals(fresh)
            pending.withLock { pending in
                for (hash, totals) in fresh { pending[hash] = pending[hash].flatMap { Self.rest($0, totals) } }
            }
        } catch {
            logger.warning("swarm totals not written yet", metadata: ["reason": "\(error.message)"])
        }
    }

    private static func rest(_ whole: SwarmTotals, _ written: SwarmTotals) -> SwarmTotals? {
        let rest = SwarmTotals(
            uploaded: whole.uploaded &- written.uploaded, completed: whole.completed &- written.completed)
        return rest == SwarmTotals() ? nil : rest
    }
}
