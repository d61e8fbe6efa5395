import Synchronization
import Testing

@testable import Accounts

/// Guessing is slowed down; nobody is locked out (HAZARDS S05).
@Suite struct LoginLimiterTests {
    /// A monotonic clock that a test moves.
    final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(seconds: Double) { time.withLock { $0 += .seconds(seconds) } }
    }

    let clock = Clock()

    func limiter(_ limits: LoginLimits = LoginLimits()) -> LoginLimiter {
        LoginLimiter(limits: limits, now: { [clock] in clock.now })
    }

    @Test func twentyWrongPasswordsForOneUserAreDelayed() throws {
        let limiter = limiter()
        var refused = 0
        for _ in 0..<20 {
            do { _ = try limiter.begin(account: "ada", client: "192.0.2.1") } catch {
                refused += 1
                #expect(error.retryAfter ?? 0 > 0)
            }
        }
        #expect(refused == 10)
    }

    @Test func anotherAddressIsNotAffected() throws {
        let limiter = limiter()
        for _ in 0..<20 { _ = try? limiter.begin(account: "ada", client: "192.0.2.1") }
        _ = try limiter.begin(account: "ada", client: "192.0.2.2")
    }

    @Test func anotherAccountFromTheSameAddressStillWorksForAWhile() throws {
        let limiter = limiter()
        for _ in 0..<20 { _ = try? limiter.begin(account: "ada", client: "192.0.2.1") }
        _ = try limiter.begin(account: "bob", client: "192.0.2.1")
    }

    @Test func aThousandTriesFromOneAddressOverManyAccountsAreLimited() {
        let limiter = limiter()
        let passed = (0..<1000).filter { number in
            (try? limiter.begin(account: "user\(number)", client: "192.0.2.1")) != nil
        }
        #expect(passed.count == 50)
    }

    @Test func triesComeBackWithTime() throws {
        let limiter = limiter()
        for _ in 0..<11 { _ = try? limiter.begin(account: "ada", client: "192.0.2.1") }
        #expect(throws: AccountError.tooManyAttempts(retryAfter: 60)) {
            try limiter.begin(account: "ada", client: "192.0.2.1")
        }
        clock.advance(seconds: 61)
        _ = try limiter.begin(account: "ada", client: "192.0.2.1")
        #expect(throws: AccountError.self) { try limiter.begin(account: "ada", client: "192.0.2.1") }
    }

    @Test func aRightPasswordDoesNotCount() throws {
        let limiter = limiter()
        for _ in 0..<200 { limiter.forgive(try limiter.begin(account: "ada", client: "192.0.2.1")) }
    }

    @Test func rightPasswordsDoNotPayForWrongOnes() throws {
        let limiter = limiter()
        for _ in 0..<10 { _ = try limiter.begin(account: "ada", client: "192.0.2.1") }
        for _ in 0..<9 { limiter.forgive(try limiter.begin(account: "own", client: "192.0.2.1")) }
        #expect(throws: AccountError.self) { try limiter.begin(account: "ada", client: "192.0.2.1") }
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"),
        ("fe80::1%eth0", "fe80:0:0:0::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        (":", "0:0:0:0::/64"),
    ]) func countsIPv6ByNetwork(client: String, network: String) {
        #expect(LoginLimiter.network(of: client) == network)
    }

    @Test func remembersABoundedNumberOfKeys() {
        let limits = LoginLimits.Bucket(capacity: 2, refillSeconds: 60)
        var buckets = AttemptBuckets(limits: limits, maximumKeys: 100)
        for number in 0..<10_000 { buckets.take("key \(number)", now: clock.now) }
        #expect(buckets.count <= 100)
    }

    @Test func forgetsFullBucketsFirst() {
        let limits = LoginLimits.Bucket(capacity: 2, refillSeconds: 60)
        var buckets = AttemptBuckets(limits: limits, maximumKeys: 3)
        buckets.take("old", now: clock.now)
        clock.advance(seconds: 3600)
        for _ in 0..<2 { buckets.take("hot", now: clock.now) }
        buckets.take("warm", now: clock.now)
        buckets.take("new", now: clock.now)
        #expect(buckets.wait("hot", now: clock.now) > 0)
        #expect(buckets.count == 3)
    }
}
