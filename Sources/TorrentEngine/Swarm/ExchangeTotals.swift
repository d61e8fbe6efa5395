import Metainfo
import Synchronization

/// What the peers of each torrent gave each other, as far as we saw: the bytes they came to hold while they were connected
/// to us, less those that we sent them. Written by the engine, read from anywhere; it only grows.
final class ExchangeTotals: Sendable {
    private let totals = Mutex<[InfoHash: UInt64]>([:])

    /// Notes that a torrent has a peer: from now on its total is known, though it may be nothing.
    func watch(_ hash: InfoHash) {
        totals.withLock { if $0[hash] == nil { $0[hash] = 0 } }
    }

    func add(_ bytes: UInt64, to hash: InfoHash) {
        guard bytes > 0 else { return }
        totals.withLock { totals in
            let (sum, overflow) = (totals[hash] ?? 0).addingReportingOverflow(bytes)
            totals[hash] = overflow ? .max : sum
        }
    }

    func forget(_ hash: InfoHash) {
        totals.withLock { $0[hash] = nil }
    }

    /// Nil for a torrent that no peer was connected for.
    func total(of hash: InfoHash) -> UInt64? {
        totals.withLock { $0[hash] }
    }
}
