/// What a reader accepts before it gives up; nothing is ever allocated by a number read from the text.
public struct BencodeLimits: Equatable, Sendable {
    /// The longest text, in bytes; never more than 4 GiB - 1.
    public var bytes: Int
    /// How deep lists and dictionaries may nest.
    public var depth: Int
    /// How many values and keys a text may hold.
    public var tokens: Int

    /// Limits by their three numbers.
    public init(bytes: Int, depth: Int, tokens: Int) {
        self.bytes = bytes
        self.depth = depth
        self.tokens = tokens
    }

    /// For a file or an answer of a tracker: 10 MB, depth 100, three million tokens.
    public static let file = BencodeLimits(bytes: 10_000_000, depth: 100, tokens: 3_000_000)
    /// For one message of a peer: 1 MiB, depth 100, 10,000 tokens.
    public static let message = BencodeLimits(bytes: 1 << 20, depth: 100, tokens: 10_000)
}

/// How forgiving a reader is.
public enum BencodeStrictness: Equatable, Sendable {
    /// Keys sorted and unique, as BEP 3 demands: for everything that is hashed or kept.
    case strict
    /// Keys in any order; of equal keys the first counts: for messages of peers and answers of trackers.
    case lenient
}

/// Why a text is not bencode; the offset is where reading stopped.
public enum BencodeError: Error, Equatable, Sendable {
    /// The text ends inside a value.
    case endOfBytes(offset: Int)
    /// A byte that cannot stand there.
    case unexpectedByte(offset: Int)
    /// A number with a leading zero, or `-0`.
    case leadingZero(offset: Int)
    /// A number or length beyond 64 bits.
    case numberOutOfRange(offset: Int)
    /// A dictionary key that sorts before the one in front of it.
    case unsortedKey(offset: Int)
    /// A dictionary key that stands there twice.
    case duplicateKey(offset: Int)
    /// Bytes after the value.
    case trailingBytes(offset: Int)
    /// A limit on bytes, depth or tokens is reached.
    case limitExceeded(offset: Int)
}
