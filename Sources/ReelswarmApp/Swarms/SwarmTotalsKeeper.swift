import Logging
import Metainfo
import ServiceLifecycle
import Store
import Synchronization
import TorrentEngine
import TrackerServer

/// Adds what was uploaded and completed to the database every few seconds, so that totals survive a restart. A process
/// that is killed loses what it counted in the last five seconds, a graceful stop nothing.
final class SwarmTotalsKeeper: Service {
    private let store: Store
    private let tracker: Tracker
    private let engine: SwarmEngine
    private let logger: Logger
    /// Bytes uploaded before this process began.
    private let earlier = Mutex<[InfoHash: UInt64]>([:])
    /// What could not be written yet.
    private let pending = Mutex<[InfoHash: SwarmTotals]>([:])
    /// Bytes uploaded that the history has not got yet.
    private let unrecorded = Mutex<[InfoHash: UInt64]>([:])

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

    /// Bytes our seeder has sent since this was last asked, for the history.
    func takeUnrecorded() -> [InfoHash: UInt64] {
        drain()
        return unrecorded.withLock { unrecorded in
            defer { unrecorded = [:] }
            return unrecorded
        }
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(5)) }
            await keep()
        }
    }

    /// Writes what came since the last time; on failure it is kept for the next.
    func keep() async {
        drain()
        let fresh = pending.withLock { $0 }
        guard !fresh.isEmpty else { return }
        do {
            try await store.torrents.addTotals(fresh)
            settle(fresh)
        } catch  where error.code == .unknownOutcome {
            // Written twice or not at all: completions are counted once, so rather not at all.
            settle(fresh)
            logger.warning("swarm totals perhaps not written", metadata: ["reason": "\(error.message)"])
        } catch {
            logger.warning("swarm totals not written yet", metadata: ["reason": "\(error.message)"])
        }
    }

    private func drain() {
        let uploaded = engine.drainUploaded()
        let completed = tracker.drainCompleted()
        pending.withLock { pending in
            for (hash, bytes) in uploaded { pending[hash, default: SwarmTotals()].uploaded &+= bytes }
            for (hash, count) in completed { pending[hash, default: SwarmTotals()].completed &+= count }
        }
        unrecorded.withLock { unrecorded in
            for (hash, bytes) in uploaded { unrecorded[hash, default: 0] &+= bytes }
        }
    }

    private func settle(_ written: [InfoHash: SwarmTotals]) {
        pending.withLock { pending in
            for (hash, totals) in written { pending[hash] = pending[hash].flatMap { Self.rest($0, totals) } }
        }
    }

    private static func rest(_ whole: SwarmTotals, _ written: SwarmTotals) -> SwarmTotals? {
        let rest = SwarmTotals(
            uploaded: whole.uploaded &- written.uploaded, completed: whole.completed &- written.completed)
        return rest == SwarmTotals() ? nil : rest
    }
}
