/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) is the IPv4 address it maps.
public struct IPAddress: Hashable, Sendable {
    /// The upper eight bytes of an IPv6 address; zero for IPv4.
    @usableFromInline let high: UInt64
    /// The lower eight bytes of an IPv6 address, or the 32 bits of an IPv4 address.
    @usableFromInline let low: UInt64
    /// Whether this is an IPv4 address.
    public let isIPv4: Bool

    /// An IPv4 address from its 32 bits in host order: 127.0.0.1 is `0x7f00_0001`.
    @inlinable public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        isIPv4 = true
    }

    /// An IPv6 address from its two halves in host order; a mapped one becomes the IPv4 address.
    @inlinable public init(high: UInt64, low: UInt64) {
        let isMapped = high == 0 && low >> 32 == 0xffff
        self.high = high
        self.low = isMapped ? low & 0xffff_ffff : low
        isIPv4 = isMapped
    }

    /// An address from its 4 or 16 bytes in network order; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self.init(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self.init(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    /// The 32 bits of an IPv4 address in host order; nil for IPv6.
    @inlinable public var v4Bits: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }

    /// The two halves as an IPv6 address in host order; an IPv4 address is mapped (`::ffff:a.b.c.d`).
    @inlinable public var v6Halves: (high: UInt64, low: UInt64) { isIPv4 ? (0, 0xffff << 32 | low) : (high, low) }

    /// The 4 or 16 bytes in network order.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// How many bytes the address has on the wire: 4 or 16.
    public var byteCount: Int { isIPv4 ? 4 : 16 }

    /// Appends the 4 or 16 bytes in network order.
    public func append(to out: inout [UInt8]) {
        if let bits = v4Bits {
            out.append(bigEndian: bits)
        } else {
            out.append(bigEndian: high)
            out.append(bigEndian: low)
        }
    }

    /// Stores the 4 or 16 bytes in network order; false when they do not fit.
    @discardableResult
    @_lifetime(out: copy out)
    public func store(into out: inout MutableRawSpan, at offset: Int) -> Bool {
        if let bits = v4Bits { return out.store(bigEndian: bits, at: offset) }
        guard offset >= 0, offset <= out.byteCount - 16 else { return false }
        return out.store(bigEndian: high, at: offset) && out.store(bigEndian: low, at: offset + 8)
    }

    /// The first `length` bits of the address, the others zero. `length` is cut to 0...32 or 0...128.
    public func prefix(_ length: Int) -> IPAddress {
        if isIPv4 { return IPAddress(v4: UInt32(truncatingIfNeeded: low) & Self.mask(length, of: UInt32.self)) }
        return IPAddress(
            unmapped: high & Self.mask(length, of: UInt64.self), low & Self.mask(length - 64, of: UInt64.self))
    }

    private init(unmapped high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
        isIPv4 = false
    }

    private static func mask<T: FixedWidthInteger & UnsignedInteger>(_ length: Int, of type: T.Type) -> T {
        // A smart shift by the full width or more gives zero, so no length can overflow.
        ~(T.max >> Swift.max(0, length))
    }
}

extension IPAddress: Comparable {
    /// IPv4 addresses come before IPv6 addresses; within a family the order is that of the bytes.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isIPv4 != right.isIPv4 { return left.isIPv4 }
        return (left.high, left.low) < (right.high, right.low)
    }
}
