import Metainfo
import ServiceLifecycle
import Synchronization
import TrackerServer

/// Which torrents have peers or were ever downloaded, gathered from the tracker's changes: what is worth keeping.
///
/// While it runs it takes in the changes every half minute, so that neither the tracker's list of them nor the roll itself
/// grows with every torrent that ever came and went.
final class SwarmRoll: Service {
    private let tracker: Tracker
    private let state: Mutex<State>

    private struct State {
        var hashes: Set<InfoHash>
        /// Whether anything changed that was not saved yet, whoever took the change in.
        var isChanged = false
    }

    /// `known` are torrents whose totals are kept although nobody announced them yet.
    init(tracker: Tracker, known: Set<InfoHash> = []) {
        self.tracker = tracker
        state = Mutex(State(hashes: known))
    }

    /// Takes in what changed since the last call.
    func refresh() {
        state.withLock { state in
            let changed = tracker.changedSwarms()
            state.hashes.formUnion(changed)
            if !changed.isEmpty { state.isChanged = true }
        }
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(30)) }
            tidy()
        }
    }

    /// Takes in what changed, and lets torrents go that have neither peers nor downloads.
    func tidy() {
        refresh()
        _ = tracker.drainCompleted()
        drop(
            all.filter { hash in
                let counts = tracker.counts(hash)
                return counts.clients == 0 && counts.completed == 0
            })
    }

    /// Whether anything changed since this was last asked, however often the roll was refreshed meanwhile.
    func takeChanged() -> Bool {
        refresh()
        return state.withLock { state in
            defer { state.isChanged = false }
            return state.isChanged
        }
    }

    /// The torrents now.
    var all: Set<InfoHash> { state.withLock { $0.hashes } }

    /// Takes torrents off that have nothing left to keep.
    func drop(_ empty: Set<InfoHash>) {
        guard !empty.isEmpty else { return }
        state.withLock { $0.hashes.subtract(empty) }
    }

    /// The counts of the largest swarms, largest first.
    func largest(_ limit: Int) -> [SwarmCounts] {
        refresh()
        var largest: [SwarmCounts] = []
        for hash in all {
            let counts = tracker.counts(hash)
            let size = counts.clients
            guard size > 0, largest.count < limit || size > (largest.last?.clients ?? 0) else { continue }
            let place = largest.firstIndex { $0.clients < size } ?? largest.endIndex
            largest.insert(counts, at: place)
            if largest.count > limit { largest.removeLast() }
        }
        return largest
    }
}

extension SwarmCounts {
    /// All clients of the swarm.
    var clients: Int { seeders + leechers + partialSeeds }
}
