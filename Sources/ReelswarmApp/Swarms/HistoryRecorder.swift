import Logging
import Metainfo
import ServiceLifecycle
import Store
import Synchronization
import TrackerServer

/// Writes the history from which charts are drawn: a row per torrent in five minutes at most, and only where counts
/// changed or bytes were sent since its last row; the first one within 15 seconds. Once an hour old rows are thinned.
///
/// Where several servers share a database each records what it sees: the bytes of its own seeder, which add up, and the
/// counts of its own tracker.
final class HistoryRecorder: Service {
    struct State {
        /// Torrents whose counts may differ from their last row.
        var changed: Set<InfoHash> = []
        /// Bytes sent since the last row.
        var bytes: [InfoHash: UInt64] = [:]
        var recorded: [InfoHash: RecordedSwarm] = [:]
        /// All torrents together.
        var all: RecordedSwarm?
        var allBytes: UInt64 = 0
    }

    /// The most rows in one statement.
    static let batch = 5000

    let store: Store
    let tracker: Tracker
    private let uploads: @Sendable () -> [InfoHash: UInt64]
    let interval: Duration
    private let round: Duration
    let logger: Logger
    private let changes: AsyncStream<SwarmChange>
    let state = Mutex(State())

    /// - Parameters:
    ///   - uploads: bytes sent since it was last asked, by torrent.
    ///   - interval: the least time between two rows of a torrent.
    ///   - round: how often it is looked whether a row is due.
    init(
        store: Store, tracker: Tracker, uploads: @escaping @Sendable () -> [InfoHash: UInt64],
        interval: Duration = .seconds(300), round: Duration = .seconds(15), logger: Logger
    ) {
        self.store = store
        self.tracker = tracker
        self.uploads = uploads
        self.interval = interval
        self.round = round
        self.logger = logger
        // From now on, so that torrents which the tracker is told of at boot are seen.
        changes = tracker.changes()
    }

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await self.follow() }
            group.addTask { await self.thinHourly() }
            await load()
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                try? await cancelWhenGracefulShutdown { [round] in try await Task.sleep(for: round) }
                await record(everything: Task.isShuttingDownGracefully)
            }
            group.cancelAll()
        }
    }

    /// Notes a torrent whose counts changed.
    func note(_ hash: InfoHash) { state.withLock { _ = $0.changed.insert(hash) } }

    /// Reads what earlier runs wrote last, so that a restart writes only what is new.
    func load() async {
        var last: InfoHash?
        while let page = try? await store.history.latest(after: last), let end = page.last?.hash {
            state.withLock { state in
                for sample in page {
                    guard let hash = sample.hash else { continue }
                    state.recorded[hash] = RecordedSwarm(sample, hasOthers: false, at: nil)
                    state.changed.insert(hash)
                }
            }
            last = end
        }
    }

    /// Writes the rows that are due.
    ///
    /// - Parameter everything: whether to write what is new whether it is due or not, as before a stop.
    func record(everything: Bool = false, now: ContinuousClock.Instant = .now) async {
        let fresh = uploads()
        state.withLock { state in
            for (hash, bytes) in fresh {
                state.bytes[hash, default: 0] &+= bytes
                state.allBytes &+= bytes
            }
        }
        var due = dueTorrents(now, everything)
        while !due.isEmpty {
            let part = Array(due.suffix(Self.batch))
            due.removeLast(part.count)
            guard await write(part, now) else { return }
        }
        await writeAll(now, everything)
    }

    private func follow() async {
        for await change in changes { note(change.hash) }
    }

    private func thinHourly() async {
        while (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(60)) }) != nil {
            do {
                try await store.history.thin()
            } catch {
                logger.warning("swarm history not thinned yet", metadata: ["reason": "\(error.message)"])
            }
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3540)) }) != nil else {
                return
            }
        }
    }
}
