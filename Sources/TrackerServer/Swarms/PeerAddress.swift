import ByteCoding

/// An address of one family, as small as it can be stored.
protocol PeerAddress: Hashable, Sendable {
    /// Nil for an address of the other family.
    init?(_ address: IPAddress)
    var address: IPAddress { get }
}

/// The 32 bits of an IPv4 address.
struct IPv4PeerAddress: PeerAddress {
    let bits: UInt32

    init?(_ address: IPAddress) {
        guard let bits = address.v4Bits else { return nil }
        self.bits = bits
    }

    var address: IPAddress { IPAddress(v4: bits) }
}

/// The 128 bits of an IPv6 address.
struct IPv6PeerAddress: PeerAddress {
    let high: UInt64
    let low: UInt64

    init?(_ address: IPAddress) {
        guard !address.isIPv4 else { return nil }
        (high, low) = address.v6Halves
    }

    var address: IPAddress { IPAddress(high: high, low: low) }
}
