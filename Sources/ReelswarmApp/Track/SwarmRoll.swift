import Metainfo
import Synchronization
import TrackerServer

/// Which torrents have peers or were ever downloaded, gathered from the tracker's changes: what is worth keeping.
final class SwarmRoll: Sendable {
    private let tracker: Tracker
    private let hashes: Mutex<Set<InfoHash>>

    /// `known` are torrents whose totals are kept although nobody announced them yet.
    init(tracker: Tracker, known: Set<InfoHash> = []) {
        self.tracker = tracker
        hashes = Mutex(known)
    }

    /// Takes in what changed since the last call; true when anything did.
    @discardableResult
    func refresh() -> Bool {
        let changed = tracker.changedSwarms()
        hashes.withLock { $0.formUnion(changed) }
        return !changed.isEmpty
    }

    /// The torrents now.
    var all: Set<InfoHash> { hashes.withLock { $0 } }

    /// Takes torrents off that have nothing left to keep.
    func drop(_ empty: Set<InfoHash>) {
        guard !empty.isEmpty else { return }
        hashes.withLock { $0.subtract(empty) }
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
