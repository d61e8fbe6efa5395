public import ByteCoding

/// A family of addresses, where only one of them is wanted.
public enum DialFamily: Hashable, Sendable, CaseIterable {
    /// Addresses of 4 bytes.
    case ipv4
    /// Addresses of 16 bytes.
    case ipv6

    /// The family of an address.
    public init(of address: IPAddress) { self = address.isIPv4 ? .ipv4 : .ipv6 }
}
