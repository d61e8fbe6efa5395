import Synchronization

/// When announces were last seen, and how many there were a minute ago; written once a second at most.
final class SightingBoard: Sendable {
    private struct Marks {
        /// The clock's second and the number of announces before it, oldest first; a minute of them.
        var totals: [(second: UInt32, total: UInt64)] = []
    }

    /// The second, above one bit for the transport; zero for never.
    private let last = Atomic<UInt64>(0)
    private let lastPublic = Atomic<UInt64>(0)
    private let marks = Mutex(Marks())

    /// Notes an announce, the `total`-th of all.
    func note(_ transport: TrackerTransport, isPublic: Bool, second: UInt32, total: UInt64) {
        let sighting = UInt64(second) << 1 | (transport == .http ? 1 : 0)
        let before = last.load(ordering: .relaxed)
        if before != sighting {
            last.store(sighting, ordering: .relaxed)
            if before >> 1 != UInt64(second) { mark(second, total) }
        }
        if isPublic, lastPublic.load(ordering: .relaxed) != sighting { lastPublic.store(sighting, ordering: .relaxed) }
    }

    func evidence(now: UInt32, total: UInt64) -> TrackerEvidence {
        TrackerEvidence(
            lastAnnounce: sighting(last, now), lastPublicAnnounce: sighting(lastPublic, now),
            announcesPerSecond: rate(now, total))
    }

    private func mark(_ second: UInt32, _ total: UInt64) {
        marks.withLock { marks in
            guard marks.totals.last?.second != second else { return }
            marks.totals.append((second, total))
            if marks.totals.count > 64 { marks.totals.removeFirst() }
        }
    }

    private func sighting(_ place: borrowing Atomic<UInt64>, _ now: UInt32) -> TrackerEvidence.Sighting? {
        let value = place.load(ordering: .relaxed)
        guard value != 0 else { return nil }
        let seconds = Int(now) - Int(value >> 1)
        return TrackerEvidence.Sighting(seconds: max(0, seconds), transport: value & 1 == 1 ? .http : .udp)
    }

    /// Announces since the oldest mark of the last minute, by the time since then.
    private func rate(_ now: UInt32, _ total: UInt64) -> Double {
        marks.withLock { marks in
            guard let first = marks.totals.first(where: { now &- $0.second <= 60 }) else { return 0 }
            return Double(total - min(first.total, total)) / Double(max(1, Int(now &- first.second)))
        }
    }
}
