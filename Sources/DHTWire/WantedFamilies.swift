/// Nodes of which address families a querier wants (`want`, BEP 32).
public struct WantedFamilies: OptionSet, Hashable, Sendable {
    /// One bit for each family.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `n4`: nodes with IPv4 addresses.
    public static let ipv4 = WantedFamilies(rawValue: 1)
    /// `n6`: nodes with IPv6 addresses.
    public static let ipv6 = WantedFamilies(rawValue: 2)
    /// Both families.
    public static let both: WantedFamilies = [.ipv4, .ipv6]
}
