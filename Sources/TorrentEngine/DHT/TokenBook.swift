import ByteCoding
import Cryptography
import Metainfo

/// Tokens that prove an address: who announces a torrent must have asked for its peers from there lately (BEP 5).
///
/// A token is a code of address and torrent under a secret that lives five minutes; the one before it still counts, so
/// a token is good for five to ten minutes.
struct TokenBook {
    /// How long a secret gives out tokens.
    static let secretLifetime = Duration.seconds(5 * 60)
    private var current: SipHash
    private var previous: SipHash?
    private var changedAt: ContinuousClock.Instant

    /// - Parameter random: Has to be unpredictable.
    init(random: inout DHTRandom, now: ContinuousClock.Instant) {
        current = SipHash(key0: random.next(), key1: random.next())
        changedAt = now
    }

    /// The token for one who asks from `address` for the peers of `hash`: 8 bytes.
    func token(for address: IPAddress, _ hash: InfoHash) -> [UInt8] {
        var token: [UInt8] = []
        token.append(bigEndian: Self.code(current, address, hash))
        return token
    }

    /// Whether a token was given to that address for that torrent, not too long ago.
    func isValid(_ token: [UInt8], for address: IPAddress, _ hash: InfoHash) -> Bool {
        guard token.count == 8 else { return false }
        let given = token.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let isCurrent = constantTimeEqual(given, Self.code(current, address, hash))
        guard let previous else { return isCurrent }
        let isPrevious = constantTimeEqual(given, Self.code(previous, address, hash))
        return isCurrent || isPrevious
    }

    /// Changes the secret when it is time.
    mutating func rotate(random: inout DHTRandom, now: ContinuousClock.Instant) {
        let age = now - changedAt
        guard age >= Self.secretLifetime else { return }
        // After a long sleep the current one is as outdated as the one before.
        previous = age < Self.secretLifetime * 2 ? current : nil
        current = SipHash(key0: random.next(), key1: random.next())
        changedAt = now
    }

    private static func code(_ secret: SipHash, _ address: IPAddress, _ hash: InfoHash) -> UInt64 {
        let (high, low) = address.v6Halves
        return secret.code(high, low, hash.head)
    }
}
