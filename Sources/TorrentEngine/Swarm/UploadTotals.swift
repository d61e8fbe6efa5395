import Metainfo
import Synchronization

/// What has been sent of each torrent since the start, and how much of it nobody has fetched yet for keeping.
/// Written by the engine once a second, read from anywhere.
final class UploadTotals: Sendable {
    private struct Counter {
        var total: UInt64 = 0
        var kept: UInt64 = 0
    }

    private let counters = Mutex<[InfoHash: Counter]>([:])

    func add(_ bytes: UInt64, to hash: InfoHash) {
        counters.withLock { $0[hash, default: Counter()].total &+= bytes }
    }

    func total(of hash: InfoHash) -> UInt64 {
        counters.withLock { $0[hash]?.total ?? 0 }
    }

    func totals() -> [InfoHash: UInt64] {
        counters.withLock { $0.mapValues(\.total) }
    }

    /// The bytes of each torrent since the last drain; torrents without any are left out.
    func drain() -> [InfoHash: UInt64] {
        counters.withLock { counters in
            var fresh: [InfoHash: UInt64] = [:]
            for (hash, counter) in counters where counter.total != counter.kept {
                fresh[hash] = counter.total &- counter.kept
                counters[hash]?.kept = counter.total
            }
            return fresh
        }
    }
}
