import Logging
import Metainfo
import ServiceLifecycle
import Store
import Synchronization
import TrackerServer

/// Keeps swarms over a restart: saves those in which somebody announced, and gives them back to the tracker at boot.
///
/// Every round saves at most one batch, those that wait longest first; so however large the swarms are, the database
/// takes at most 4 MiB every 15 seconds unless one swarm alone is larger, and what is saved is older by that the larger
/// they all are together: a million peers take their turn within two minutes, against half an hour for which a silent
/// peer is kept.
final class SwarmArchive: Service {
    /// The most bytes of snapshots in one statement, unless one swarm alone is larger.
    static let batchBytes = 4 << 20
    /// The most swarms in one statement.
    static let batchSwarms = 10_000

    private let store: Store
    private let tracker: Tracker
    private let node: String
    private let interval: Duration
    private let logger: Logger
    private let queue = Mutex(SwarmQueue())

    /// - Parameter node: this server's name among those that share the database; see `NodeID`.
    init(store: Store, tracker: Tracker, node: String, interval: Duration = .seconds(15), logger: Logger) {
        self.store = store
        self.tracker = tracker
        self.node = node
        self.interval = interval
        self.logger = logger
    }

    /// Gives the tracker the swarms that any node saved and whose peers may still be there. The tracker must know its
    /// torrents by then, and should not listen yet. Returns how many peers were taken in.
    @discardableResult
    func restore() async throws -> Int {
        var last: KeptSwarm?
        var peers = 0
        var swarms = 0
        while true {
            let page = try await store.swarms.load(after: last, youngerThan: lifetime)
            guard let end = page.last else { break }
            // Of two nodes' views of a swarm the later one is right about a peer in both.
            for swarm in page.sorted(by: { $0.age < $1.age }) {
                peers += tracker.restore(swarm.bytes, to: swarm.hash, age: swarm.age)
            }
            swarms += page.count
            last = end
        }
        if swarms > 0 { logger.info("swarms restored", metadata: ["swarms": "\(swarms)", "peers": "\(peers)"]) }
        return peers
    }

    func run() async throws {
        var rounds = 0
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [interval] in try await Task.sleep(for: interval) }
            await save(everything: Task.isShuttingDownGracefully)
            rounds &+= 1
            if rounds % 40 == 0 { await forgetOld() }
        }
    }

    /// Saves the swarms that changed; where that fails they wait for the next time.
    ///
    /// - Parameter everything: whether to go on until none waits, instead of one batch.
    func save(everything: Bool = false) async {
        let changed = tracker.changedSwarms()
        queue.withLock { $0.append(changed) }
        repeat {
            let batch = nextBatch()
            guard !batch.isEmpty else { return }
            do {
                try await store.swarms.save(batch, node: node)
            } catch {
                queue.withLock { $0.putBack(batch.map(\.hash)) }
                logger.warning("swarms not saved yet", metadata: ["reason": "\(error.message)"])
                return
            }
        } while everything
    }

    /// Removes what no node will want any more.
    func forgetOld() async {
        do {
            try await store.swarms.forgetOlder(than: lifetime)
        } catch {
            logger.debug("old swarms not removed yet", metadata: ["reason": "\(error.message)"])
        }
    }

    /// Seconds of silence after which a peer is gone, and with the last of them its swarm.
    private var lifetime: Int { 2 * tracker.policy.interval }

    /// A torrent that is not tracked any more has the empty snapshot: its row goes.
    private func nextBatch() -> [SavedSwarm] {
        var batch: [SavedSwarm] = []
        var size = 0
        while size < Self.batchBytes, batch.count < Self.batchSwarms, let hash = queue.withLock({ $0.next() }) {
            let bytes = tracker.snapshot(of: hash) ?? []
            size += bytes.count
            batch.append(SavedSwarm(hash: hash, bytes: bytes))
        }
        return batch
    }
}
