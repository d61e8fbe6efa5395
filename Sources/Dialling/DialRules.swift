public import ByteCoding

/// What may be dialled: the guard between addresses that strangers name and our own network (SSRF).
///
/// A loopback or private address is reached only if whoever named it was itself reached at an address of that class:
/// a tracker on the internet cannot make us connect to `127.0.0.1` or into the local network.
public struct DialRules: Sendable, Equatable {
    /// True when loopback and private addresses are dialled whoever names them. Off unless the operator says so.
    public var allowsPrivateAddresses: Bool
    /// The lowest port that may be dialled; lower ones belong to services that are no peers.
    public var lowestPort: UInt16

    /// Rules for peers named by others: nothing below port 1024.
    public static let peers = DialRules(allowsPrivateAddresses: false, lowestPort: 1024)
    /// Rules for trackers and web seeds: every port, since an announce URL may well name port 80.
    public static let servers = DialRules(allowsPrivateAddresses: false, lowestPort: 1)

    /// Rules by their parts.
    public init(allowsPrivateAddresses: Bool, lowestPort: UInt16) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.lowestPort = lowestPort
    }

    /// The reason not to dial `endpoint`, or nil when it may be dialled.
    ///
    /// - Parameter scope: The class of the address at which the one who named the endpoint was reached.
    public func refusal(of endpoint: Endpoint, namedFrom scope: AddressScope) -> DialRefusal? {
        if endpoint.port == 0 { return .portZero }
        if endpoint.port < lowestPort { return .privilegedPort }
        switch endpoint.address.scope {
        case .public: return nil
        case .loopback: return allowsPrivateAddresses || scope == .loopback ? nil : .loopbackAddress
        case .private: return allowsPrivateAddresses || scope == .private ? nil : .privateAddress
        case .unusable: return .unusableAddress
        }
    }
}
