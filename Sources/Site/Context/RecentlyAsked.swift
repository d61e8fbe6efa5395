import Synchronization

/// What was asked of the database in the last second: players and web seeds ask for one range after another, and many
/// look at one page; only the first of a second asks.
///
/// A change on this node counts at once (`forget`), on another node within the second.
final class RecentlyAsked<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Remembered {
        let value: Value
        let at: ContinuousClock.Instant
    }

    private let capacity: Int
    private let lifetime: Duration = .seconds(1)
    private let known = Mutex<[Key: Remembered]>([:])

    /// - Parameter capacity: how many are remembered; one more, and all are forgotten.
    init(capacity: Int) { self.capacity = capacity }

    /// The value of a key; `load` finds it when it is not remembered.
    func value(_ key: Key, load: () async throws -> Value) async throws -> Value {
        let found = known.withLock { $0[key] }
        if let found, ContinuousClock.now - found.at < lifetime { return found.value }
        let asked = ContinuousClock.now
        let value = try await load()
        known.withLock { known in
            if known.count >= capacity { known.removeAll(keepingCapacity: true) }
            known[key] = Remembered(value: value, at: asked)
        }
        return value
    }

    /// Forgets a key whose value has changed.
    func forget(_ key: Key) { known.withLock { $0[key] = nil } }
}
