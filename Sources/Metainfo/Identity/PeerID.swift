public import ByteCoding

/// The 20 bytes by which a client names itself (BEP 3, BEP 20).
public struct PeerID: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// How many bytes an id has.
    public static let byteCount = 20

    /// An id from its 20 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        first = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        second = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        third = bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
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

    /// The 20 bytes as big-endian numbers, for codes that must not allocate.
    public var words: (UInt64, UInt64, UInt32) { (first, second, third) }

    /// The first eight bytes as a big-endian number: what most clients write their name and version into.
    public var head: UInt64 { first }

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

extension PeerID: CustomStringConvertible {
    /// Printable characters as they are, every other byte as `\xNN`.
    public var description: String {
        bytes.map { (0x21...0x7e).contains($0) ? String(UnicodeScalar($0)) : "\\x" + Hex.encode([$0]) }.joined()
    }
}
