/// Token buckets by key, as a plain value: each attempt takes one token, tokens come back with time.
///
/// Holds at most `limits.maximumKeys` keys; full buckets are dropped first, since forgetting them changes nothing.
struct AttemptBuckets: Sendable {
    private struct Bucket {
        var tokens: Double
        var updated: ContinuousClock.Instant
    }

    let limits: LoginLimits.Bucket
    let maximumKeys: Int
    private var buckets: [String: Bucket] = [:]

    init(limits: LoginLimits.Bucket, maximumKeys: Int) {
        self.limits = limits
        self.maximumKeys = maximumKeys
    }

    /// Keys remembered now.
    var count: Int { buckets.count }

    /// Seconds until `key` may try again; 0 when it may try now.
    func wait(_ key: String, now: ContinuousClock.Instant) -> Double {
        let tokens = current(key, now: now)
        return tokens >= 1 ? 0 : (1 - tokens) * limits.refillSeconds
    }

    /// Takes one token of `key`.
    mutating func take(_ key: String, now: ContinuousClock.Instant) {
        if buckets[key] == nil, buckets.count >= maximumKeys { makeRoom(now: now) }
        buckets[key] = Bucket(tokens: max(0, current(key, now: now) - 1), updated: now)
    }

    /// Gives one token back, after an attempt that was no guess.
    mutating func giveBack(_ key: String, now: ContinuousClock.Instant) {
        let tokens = current(key, now: now) + 1
        buckets[key] = tokens >= limits.capacity ? nil : Bucket(tokens: tokens, updated: now)
    }

    private func current(_ key: String, now: ContinuousClock.Instant) -> Double {
        guard let bucket = buckets[key] else { return limits.capacity }
        let seconds = (now - bucket.updated) / .seconds(1)
        return min(limits.capacity, bucket.tokens + max(0, seconds) / limits.refillSeconds)
    }

    private mutating func makeRoom(now: ContinuousClock.Instant) {
        let capacity = limits.capacity
        for key in Array(buckets.keys) where current(key, now: now) >= capacity { buckets[key] = nil }
        guard buckets.count >= maximumKeys else { return }
        let oldest = buckets.sorted { $0.value.updated < $1.value.updated }.prefix(max(1, maximumKeys / 10))
        for (key, _) in oldest { buckets[key] = nil }
    }
}
