import ByteCoding
import Metainfo

/// The leechers that were named to us and when each is to be dialled: a pure rule without clock or sockets.
///
/// A leecher is dialled soon after it is named and 10-15 s after each disconnect, while it is still being named. One
/// that cannot be reached, or from which we part with nothing done, is dialled at ever longer intervals.
struct LeecherBook: Sendable {
    struct Key: Hashable, Sendable {
        let hash: InfoHash
        let endpoint: Endpoint
    }

    struct Dial: Equatable, Sendable {
        let key: Key
        /// The class of the address at which the one who named it was reached.
        let namedFrom: AddressScope
    }

    private enum State { case waiting, dialling, connected }

    private struct Entry {
        var namedFrom: AddressScope
        var namedAt: ContinuousClock.Instant
        var nextDial: ContinuousClock.Instant
        var state = State.waiting
        var failures = 0
    }

    /// A leecher that announces every half hour at the slowest is remembered for longer than that.
    static let memory: Duration = .seconds(45 * 60)
    /// A client that starts usually connects to us by itself; it gets this much time.
    static let firstDelay: Duration = .milliseconds(1_000)
    static let longestDelay: Duration = .seconds(300)
    static let failuresAllowed = 8

    private var entries: [Key: Entry] = [:]
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    /// Notes that `key` was named. When the book is full, a leecher that could not be reached makes room, or the new
    /// one is left out.
    mutating func name(_ key: Key, from scope: AddressScope, now: ContinuousClock.Instant) {
        if var known = entries[key] {
            known.namedAt = now
            known.namedFrom = scope
            entries[key] = known
            return
        }
        if entries.count >= capacity {
            guard let unreachable = entries.first(where: { $0.value.failures > 0 })?.key else { return }
            entries[unreachable] = nil
        }
        entries[key] = Entry(namedFrom: scope, namedAt: now, nextDial: now + Self.firstDelay)
    }

    mutating func forget(_ key: Key) { entries[key] = nil }

    mutating func forgetAll(of hash: InfoHash) {
        entries = entries.filter { $0.key.hash != hash }
    }

    mutating func forgetAll() { entries.removeAll() }

    /// Up to `limit` leechers whose time has come; they count as being dialled from now on. Forgets the silent ones.
    mutating func due(now: ContinuousClock.Instant, limit: Int) -> [Dial] {
        var dials: [Dial] = []
        for (key, entry) in entries where entry.state == .waiting {
            if now - entry.namedAt > Self.memory {
                entries[key] = nil
            } else if entry.nextDial <= now, dials.count < limit {
                entries[key]?.state = .dialling
                dials.append(Dial(key: key, namedFrom: entry.namedFrom))
            }
        }
        return dials
    }

    /// The connection stands and the handshake is done.
    mutating func connected(_ key: Key) { entries[key]?.state = .connected }

    /// It was not dialled after all (no slot, connected already): ask again after the usual pause.
    mutating func postpone(_ key: Key, now: ContinuousClock.Instant, jitter: Double) {
        entries[key]?.state = .waiting
        entries[key]?.nextDial = now + Self.pause(jitter)
    }

    /// The connection has ended, or never came about.
    ///
    /// - Parameters:
    ///   - wasUseful: True when the leecher took something or was interested; else it counts as a failure.
    ///   - jitter: Random number, 0...1.
    mutating func disconnected(_ key: Key, wasUseful: Bool, now: ContinuousClock.Instant, jitter: Double) {
        guard var entry = entries[key] else { return }
        entry.state = .waiting
        entry.failures = wasUseful ? 0 : entry.failures + 1
        guard entry.failures <= Self.failuresAllowed else {
            entries[key] = nil
            return
        }
        let delay = Self.pause(jitter) * (1 << max(0, entry.failures - 1))
        entry.nextDial = now + min(delay, Self.longestDelay)
        entries[key] = entry
    }

    /// 10-15 s.
    private static func pause(_ jitter: Double) -> Duration {
        .milliseconds(10_000 + Int64(min(max(jitter, 0), 1) * 5_000))
    }
}
