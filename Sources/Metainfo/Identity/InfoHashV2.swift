import ByteCoding

/// The SHA-256 of a version 2 torrent's `info` bytes, 32 bytes (BEP 52).
public struct InfoHashV2: Hashable, Sendable {
    private let words: InlineWords

    private struct InlineWords: Hashable, Sendable {
        let first: UInt64
        let second: UInt64
        let third: UInt64
        let fourth: UInt64
    }

    /// How many bytes a hash has.
    public static let byteCount = 32

    /// A hash from its 32 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ index: Int) -> UInt64 {
            bytes.dropFirst(index * 8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = InlineWords(first: word(0), second: word(1), third: word(2), fourth: word(3))
    }

    /// A hash from 64 hexadecimal digits, either case; nil for anything else.
    public init?(hex: String) {
        guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for word in [words.first, words.second, words.third, words.fourth] { bytes.append(bigEndian: word) }
        return bytes
    }

    /// The 64 hexadecimal digits, lower case.
    public var hex: String { Hex.encode(bytes) }

    /// What stands for this hash in handshakes, announces and the DHT: its first 20 bytes.
    public var truncated: InfoHash {
        InfoHash(words.first, words.second, UInt32(truncatingIfNeeded: words.third >> 32))
    }
}

extension InfoHashV2: CustomStringConvertible {
    /// The 64 hexadecimal digits, lower case.
    public var description: String { hex }
}
