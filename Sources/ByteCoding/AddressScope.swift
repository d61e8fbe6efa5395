/// How far an address reaches; what may be dialled or handed out depends on it.
public enum AddressScope: Hashable, Sendable {
    /// This machine.
    case loopback
    /// Private and link-local networks: RFC 1918, RFC 3927, RFC 6598, RFC 4193, `fe80::/10`.
    case `private`
    /// The Internet.
    case `public`
    /// Nothing one could connect to: unspecified, multicast, documentation, benchmark, reserved, retired tunnels.
    case unusable
}

extension IPAddress {
    /// How far the address reaches (RFC 6890 and the IANA special-purpose registries).
    /// An IPv6 address that carries an IPv4 address for a translator (NAT64, 6to4) has the scope of that address.
    public var scope: AddressScope {
        if let bits = v4Bits { return Self.scope(ofIPv4: bits) }
        let (high, low) = v6Halves
        switch high {
        case 0: return low == 1 ? .loopback : .unusable
        case 0x0064_ff9b_0000_0000 where low >> 32 == 0: return Self.scope(ofIPv4: UInt32(truncatingIfNeeded: low))
        case _ where high >> 16 == 0x0064_ff9b_0001: return .private
        default: break
        }
        switch UInt16(truncatingIfNeeded: high >> 48) {
        case 0xfe80...0xfeff, 0xfc00...0xfdff: return .private
        case 0x2002: return Self.scope(ofIPv4: UInt32(truncatingIfNeeded: high >> 16))
        case 0x2001 where high >> 32 == 0x2001_0db8 || high >> 41 == 0x2001_0000 >> 9: return .unusable
        case 0x3fff where high >> 44 == 0x3fff0: return .unusable
        case 0x2000...0x3fff: return .public
        default: return .unusable
        }
    }

    private static func scope(ofIPv4 bits: UInt32) -> AddressScope {
        switch bits {
        case 0x7f00_0000...0x7fff_ffff: .loopback
        case 0x0a00_0000...0x0aff_ffff, 0xac10_0000...0xac1f_ffff, 0xc0a8_0000...0xc0a8_ffff: .private
        case 0xa9fe_0000...0xa9fe_ffff, 0x6440_0000...0x647f_ffff: .private
        case 0...0x00ff_ffff, 0xe000_0000...0xffff_ffff: .unusable
        case 0xc000_0000...0xc000_00ff, 0xc000_0200...0xc000_02ff, 0xc058_6300...0xc058_63ff: .unusable
        case 0xc633_6400...0xc633_64ff, 0xcb00_7100...0xcb00_71ff, 0xc612_0000...0xc613_ffff: .unusable
        default: .public
        }
    }
}
