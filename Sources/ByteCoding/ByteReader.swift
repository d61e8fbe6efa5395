/// Why a read from a `ByteReader` failed.
public enum ByteReaderError: Error, Equatable, Sendable {
    /// The bytes end before the value does.
    case endOfBytes
}

/// A cursor over borrowed bytes: every read is checked, integers are in network order.
///
/// It is the one place of the wire formats that touches memory by address; all offsets it uses are checked before.
public struct ByteReader: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline var position = 0

    /// Starts at the first of `bytes`.
    @_lifetime(copy bytes)
    @inlinable public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Starts at the first of `bytes`.
    @_lifetime(copy bytes)
    @inlinable public init(_ bytes: Span<UInt8>) {
        // Bytes have no padding, the one thing that makes the raw view of a span unsafe.
        self.init(unsafe bytes.bytes)
    }

    /// How many bytes have been read.
    @inlinable public var offset: Int { position }

    /// How many bytes are left to read.
    @inlinable public var remaining: Int { bytes.byteCount - position }

    /// The next big-endian integer. Throws `endOfBytes`, and reads nothing, when too few bytes are left.
    @inlinable public mutating func read<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type = T.self
    ) throws(ByteReaderError) -> T {
        guard remaining >= MemoryLayout<T>.size else { throw .endOfBytes }
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: T.self)
        position += MemoryLayout<T>.size
        return T(bigEndian: value)
    }

    /// The next `count` bytes, copied. Throws `endOfBytes`, and reads nothing, when fewer are left or `count` is
    /// negative.
    public mutating func readBytes(_ count: Int) throws(ByteReaderError) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw .endOfBytes }
        let start = position
        position += count
        return unsafe bytes.withUnsafeBytes { unsafe Array($0[start..<start + count]) }
    }

    /// All bytes that are left, copied.
    public mutating func readRemaining() -> [UInt8] {
        let start = position
        position = bytes.byteCount
        return unsafe bytes.withUnsafeBytes { unsafe Array($0[start...]) }
    }

    /// The next `count` bytes, borrowed. Throws `endOfBytes` when fewer are left or `count` is negative.
    @_lifetime(copy self)
    public mutating func readSpan(_ count: Int) throws(ByteReaderError) -> RawSpan {
        guard count >= 0, remaining >= count else { throw .endOfBytes }
        let start = position
        position += count
        return bytes.extracting(start..<start + count)
    }

    /// Passes over `count` bytes. Throws `endOfBytes` when fewer are left or `count` is negative.
    @inlinable public mutating func skip(_ count: Int) throws(ByteReaderError) {
        guard count >= 0, remaining >= count else { throw .endOfBytes }
        position += count
    }
}
