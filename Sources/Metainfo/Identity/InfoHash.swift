public import ByteCoding

/// The 20 bytes that name a torrent on the wire: the SHA-1 of its `info` bytes (BEP 3), or the first 20 bytes of
/// their SHA-256 (BEP 52).
public struct InfoHash: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// How many bytes a hash has.
    public static let byteCount = 20

    /// A hash from its 20 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        first = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        second = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        third = bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A hash from its bytes as big-endian words.
    init(_ first: UInt64, _ second: UInt64, _ third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// A hash from 40 hexadecimal digits, either case; nil for anything else.
    public init?(hex: String) {
        guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads 20 bytes without allocating. Throws `endOfBytes` when fewer are left.
    public init(from reader: inout ByteReader) throws(ByteReaderError) {
        guard reader.remaining >= Self.byteCount else { throw .endOfBytes }
        first = try reader.read()
        second = try reader.read()
        third = try reader.read()
    }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// The first eight bytes as a big-endian number, to spread hashes by.
    public var head: UInt64 { first }

    /// The 40 hexadecimal digits, lower case.
    public var hex: String { Hex.encode(bytes) }

    /// Appends the 20 bytes.
    public func append(to out: inout [UInt8]) {
        out.append(bigEndian: first)
        out.append(bigEndian: second)
        out.append(bigEndian: third)
    }

    /// Stores the 20 bytes; false, and nothing stored, when they do not fit.
    @discardableResult
    @_lifetime(out: copy out)
    public func store(into out: inout MutableRawSpan, at offset: Int) -> Bool {
        guard offset >= 0, offset <= out.byteCount - Self.byteCount else { return false }
        return out.store(bigEndian: first, at: offset) && out.store(bigEndian: second, at: offset + 8)
            && out.store(bigEndian: third, at: offset + 16)
    }
}

extension InfoHash: CustomStringConvertible {
    /// The 40 hexadecimal digits, lower case.
    public var description: String { hex }
}

extension InfoHash: Comparable {
    /// The order of the bytes.
    public static func < (left: InfoHash, right: InfoHash) -> Bool {
        (left.first, left.second, left.third) < (right.first, right.second, right.third)
    }
}
