/// What a worker asks its asking side for: bytes of the film, when that is no file.
///
/// An ask is the offset in eight bytes and the count in four, highest first; the answer a byte of status, a count in
/// four bytes, and so many bytes. One ask is under way at a time.
public struct SourceAsk: Equatable, Sendable {
    /// Where in the film.
    public let offset: UInt64
    /// How many bytes at most; 1...`countLimit`.
    public let count: Int

    /// The length of an ask.
    public static let length = 12
    /// The bytes before those of an answer.
    public static let headerLength = 5
    /// The most bytes of one ask.
    public static let countLimit = 64 << 10

    /// An ask that lies in a film of `size` bytes; nil for any other.
    public init?(offset: UInt64, count: Int, of size: UInt64) {
        guard (1...Self.countLimit).contains(count), offset < size, UInt64(count) <= size - offset else { return nil }
        (self.offset, self.count) = (offset, count)
    }

    /// The ask as it is sent.
    public var encoded: [UInt8] { Self.big(offset, 8) + Self.big(UInt64(count), 4) }

    /// Reads an ask of exactly `length` bytes; nil for one outside a film of `size` bytes.
    public init?(decoding bytes: [UInt8], of size: UInt64) {
        guard bytes.count == Self.length else { return nil }
        let numbers = [bytes[0..<8], bytes[8..<12]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(offset: numbers[0], count: Int(numbers[1]), of: size)
    }

    /// The answer that carries `bytes`.
    static func answer(_ bytes: [UInt8]) -> [UInt8] { [0] + big(UInt64(bytes.count), 4) + bytes }

    /// How many bytes follow the header of an answer to this ask. Nil when it carries none, or breaks the rules.
    public func answeredCount(_ header: [UInt8]) -> Int? {
        guard header.count == Self.headerLength, header[0] == 0 else { return nil }
        let answered = header[1..<5].reduce(0) { $0 << 8 | Int($1) }
        return (1...count).contains(answered) ? answered : nil
    }

    private static func big(_ value: UInt64, _ bytes: UInt64) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
    }
}
