/// SipHash-2-4 (Aumasson and Bernstein): a keyed code of short messages that cannot be guessed without the key.
///
/// It authenticates connection ids and spreads outside keys over tables; it never allocates.
public struct SipHash: Sendable {
    private let key0: UInt64
    private let key1: UInt64

    /// A code under the 128-bit key made of two words.
    public init(key0: UInt64, key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// A code under a key that nobody knows.
    public init() { self.init(key0: SecureRandom.word(), key1: SecureRandom.word()) }

    /// The code of a message of two words (16 bytes, little endian).
    public func code(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var state = State(key0, key1)
        state.absorb(first)
        state.absorb(second)
        return state.finish(byteCount: 16)
    }

    /// The code of a message of three words (24 bytes, little endian).
    public func code(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        var state = State(key0, key1)
        state.absorb(first)
        state.absorb(second)
        state.absorb(third)
        return state.finish(byteCount: 24)
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ key0: UInt64, _ key1: UInt64) {
            v0 = key0 ^ 0x736f_6d65_7073_6575
            v1 = key1 ^ 0x646f_7261_6e64_6f6d
            v2 = key0 ^ 0x6c79_6765_6e65_7261
            v3 = key1 ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish(byteCount: UInt64) -> UInt64 {
            absorb(byteCount << 56)
            v2 ^= 0xff
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
