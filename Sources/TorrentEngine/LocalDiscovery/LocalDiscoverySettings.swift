import ByteCoding

/// Where local discovery takes place.
struct LocalDiscoverySettings: Sendable {
    /// The multicast groups with their port: 239.192.152.143 and ff15::efc0:988f at 6771 (BEP 14).
    var groups: [Endpoint]
    /// The address of the interface that is used for groups of its family; nil leaves it to the system.
    var interface: IPAddress?

    /// The groups of BEP 14 on the system's interface.
    static let standard = LocalDiscoverySettings(
        groups: ["239.192.152.143:6771", "[ff15::efc0:988f]:6771"].compactMap(Endpoint.init), interface: nil)
}

extension LocalDiscoverySettings {
    /// Where one who listens for peers at these addresses finds others: in the groups of their families, and at their
    /// interface where they are particular addresses.
    init(hosts: [String]) {
        let addresses = hosts.compactMap { IPAddress($0) }
        groups = Self.standard.groups.filter { group in
            addresses.contains { $0.isIPv4 == group.address.isIPv4 }
        }
        let particular = addresses.filter { $0.bytes.contains { $0 != 0 } }
        interface = particular.count == addresses.count ? particular.first : nil
    }
}
