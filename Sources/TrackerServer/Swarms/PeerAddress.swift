import ByteCoding

/// An address of one family, as small as it can be stored.
protocol PeerAddress: Hashable, Sendable {
    /// How many bytes the address has.
    static var byteCount: Int { get }
    /// Nil for an address of the other family.
    init?(_ address: IPAddress)
    var address: IPAddress { get }
    /// What one subscriber has for himself: the whole address, or the first half of an IPv6 address.
    var network: UInt64 { get }
    /// What the network leaves open.
    var interface: UInt64 { get }
    var isLoopback: Bool { get }
}

/// The 32 bits of an IPv4 address.
struct IPv4PeerAddress: PeerAddress {
    static let byteCount = 4
    let bits: UInt32

    init?(_ address: IPAddress) {
        guard let bits = address.v4Bits else { return nil }
        self.bits = bits
    }

    var address: IPAddress { IPAddress(v4: bits) }
    var network: UInt64 { UInt64(bits) }
    var interface: UInt64 { 0 }
    var isLoopback: Bool { bits >> 24 == 127 }
}

/// The 128 bits of an IPv6 address, as words that need no padding in an entry.
struct IPv6PeerAddress: PeerAddress {
    static let byteCount = 16
    private let words: (UInt32, UInt32, UInt32, UInt32)

    init?(_ address: IPAddress) {
        guard !address.isIPv4 else { return nil }
        let (high, low) = address.v6Halves
        words = (
            UInt32(truncatingIfNeeded: high >> 32), UInt32(truncatingIfNeeded: high),
            UInt32(truncatingIfNeeded: low >> 32), UInt32(truncatingIfNeeded: low)
        )
    }

    var network: UInt64 { UInt64(words.0) << 32 | UInt64(words.1) }
    var interface: UInt64 { UInt64(words.2) << 32 | UInt64(words.3) }
    var isLoopback: Bool { network == 0 && interface == 1 }
    var address: IPAddress { IPAddress(high: network, low: interface) }

    static func == (left: Self, right: Self) -> Bool {
        left.network == right.network && left.interface == right.interface
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(network)
        hasher.combine(interface)
    }
}
