import ByteCoding

/// How many datagrams a second an address has a right to: a small bucket for each, refilled all the time.
struct SourceLimiter {
    private struct Bucket {
        var level: Double
        var filledAt: ContinuousClock.Instant
    }

    /// More addresses than that at once are a flood of forged ones; who comes on top gets nothing.
    static let maximumSources = 4_096
    private let rate: Double
    private var buckets: [AddressKey: Bucket] = [:]
    private var forgottenAt: ContinuousClock.Instant?

    /// - Parameter rate: Datagrams a second, and at once.
    init(rate: Int) { self.rate = Double(max(1, rate)) }

    /// Whether one more datagram may pass; it is counted when it may.
    mutating func take(_ endpoint: Endpoint, now: ContinuousClock.Instant) -> Bool {
        let key = AddressKey(endpoint)
        var bucket = filled(key, now: now)
        guard bucket.level >= 1 else { return false }
        if buckets[key] == nil, buckets.count >= Self.maximumSources {
            // Once a second at most: a flood must not buy a walk through all with each datagram.
            if forgottenAt.map({ now - $0 >= .seconds(1) }) ?? true { forgetIdle(now: now) }
            guard buckets.count < Self.maximumSources else { return false }
        }
        bucket.level -= 1
        buckets[key] = bucket
        return true
    }

    /// Whether one more datagram might pass now.
    func hasRoom(_ endpoint: Endpoint, now: ContinuousClock.Instant) -> Bool {
        filled(AddressKey(endpoint), now: now).level >= 1
    }

    /// Forgets addresses whose bucket is full again.
    mutating func forgetIdle(now: ContinuousClock.Instant) {
        forgottenAt = now
        buckets = buckets.filter { now - $0.value.filledAt < .seconds(1) }
    }

    private func filled(_ key: AddressKey, now: ContinuousClock.Instant) -> Bucket {
        guard var bucket = buckets[key] else { return Bucket(level: rate, filledAt: now) }
        bucket.level = min(rate, bucket.level + (now - bucket.filledAt) / .seconds(1) * rate)
        bucket.filledAt = now
        return bucket
    }
}
