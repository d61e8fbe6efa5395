import ByteCoding

/// Who sits at one address, as far as limits go: an IPv4 address, or the /64 that one line has in IPv6.
///
/// On loopback a port is somebody of his own: programs of one machine share its address.
struct AddressKey: Hashable {
    private let address: IPAddress
    private let port: UInt16

    init(_ endpoint: Endpoint) {
        let isLoopback = endpoint.address.scope == .loopback
        address = endpoint.address.isIPv4 || isLoopback ? endpoint.address : endpoint.address.prefix(64)
        port = isLoopback ? endpoint.port : 0
    }
}

/// The neighbourhood of an address that one operator may hold whole: a /24 of IPv4, a /56 of IPv6.
struct NetworkKey: Hashable {
    private let network: IPAddress

    /// Nil at loopback and private addresses, where neighbours are all there is.
    init?(_ address: IPAddress) {
        guard address.scope == .public else { return nil }
        network = address.prefix(address.isIPv4 ? 24 : 56)
    }
}
