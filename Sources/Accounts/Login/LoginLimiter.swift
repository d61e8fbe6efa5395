import Synchronization

/// Slows down password guessing, by account and address together and by address alone.
///
/// There is no limit by account alone: it would let anyone lock anyone out. The right password from another address
/// therefore always works, and the scrypt gate bounds what many addresses can try together. IPv6 addresses count by
/// their /64, which is what one customer gets. Time is the monotonic clock.
public final class LoginLimiter: Sendable {
    private struct State {
        var byAccount: AttemptBuckets
        var byAddress: AttemptBuckets
    }

    /// One try that was let through; say afterwards that it was right, and it does not count.
    struct Attempt: Sendable {
        let accountKey: String
        let addressKey: String
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Makes a limiter. `now` is the monotonic time; tests pass their own.
    public init(
        limits: LoginLimits = LoginLimits(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.now = now
        state = Mutex(
            State(
                byAccount: AttemptBuckets(limits: limits.accountAndAddress, maximumKeys: limits.maximumKeys),
                byAddress: AttemptBuckets(limits: limits.address, maximumKeys: limits.maximumKeys)))
    }

    /// Counts a try before the password is checked, so that parallel tries cannot pass together.
    /// Throws ``AccountError/tooManyAttempts(retryAfter:)``.
    func begin(account: String, client: String) throws(AccountError) -> Attempt {
        let addressKey = Self.network(of: client)
        let attempt = Attempt(accountKey: addressKey + " " + account, addressKey: addressKey)
        let now = now()
        let wait = state.withLock { state in
            let wait = max(
                state.byAccount.wait(attempt.accountKey, now: now), state.byAddress.wait(addressKey, now: now))
            if wait == 0 {
                state.byAccount.take(attempt.accountKey, now: now)
                state.byAddress.take(addressKey, now: now)
            }
            return wait
        }
        guard wait == 0 else { throw .tooManyAttempts(retryAfter: max(1, Int(wait.rounded(.up)))) }
        return attempt
    }

    /// Says that the try was no wrong guess (right password, or never checked).
    func forgive(_ attempt: Attempt) {
        let now = now()
        state.withLock { state in
            state.byAccount.giveBack(attempt.accountKey, now: now)
            state.byAddress.giveBack(attempt.addressKey, now: now)
        }
    }

    /// The address itself for IPv4, the first four groups for IPv6 in text form (RFC 4291 section 2.2).
    static func network(of client: String) -> String {
        guard client.utf8.contains(0x3A) else { return client }
        let address = client.split(separator: "%", maxSplits: 1).first.map(String.init) ?? client
        var head = address.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let gap = head.firstIndex(of: ""), gap > 0 || head.dropFirst().first == "" {
            let before = head.prefix(gap).filter { !$0.isEmpty }
            let after = head.dropFirst(gap).filter { !$0.isEmpty }
            head = before + Array(repeating: "0", count: max(0, 8 - before.count - after.count)) + after
        }
        return head.prefix(4).joined(separator: ":") + "::/64"
    }
}
