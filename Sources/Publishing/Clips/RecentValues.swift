/// Values by key within a bound of their cost: those that were not used for longest go first.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let cost: Int
        var lastUse: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    private let bound: Int
    /// The sum of all costs.
    private(set) var cost = 0

    init(bound: Int) { self.bound = max(0, bound) }

    /// The value of a key, which is thereby used.
    mutating func value(of key: Key) -> Value? {
        clock += 1
        entries[key]?.lastUse = clock
        return entries[key]?.value
    }

    /// Keeps a value, which may push out others; one that costs more than the bound is not kept.
    mutating func keep(_ value: Value, of key: Key, cost: Int) {
        forget(key)
        guard cost <= bound else { return }
        while self.cost > bound - cost, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            forget(oldest)
        }
        clock += 1
        entries[key] = Entry(value: value, cost: cost, lastUse: clock)
        self.cost += cost
    }

    /// Drops the value of a key.
    mutating func forget(_ key: Key) {
        if let entry = entries.removeValue(forKey: key) { cost -= entry.cost }
    }
}
