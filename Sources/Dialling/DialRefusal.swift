/// Why an address is not dialled.
public enum DialRefusal: String, Error, Sendable, Equatable, CaseIterable {
    /// Port 0 is no port.
    case portZero = "port_zero"
    /// The port lies below the lowest one the rules allow (1024 for peers).
    case privilegedPort = "privileged_port"
    /// A loopback address, named by someone who was not reached at one.
    case loopbackAddress = "loopback_address"
    /// A private or link-local address, named by someone who was not reached at one.
    case privateAddress = "private_address"
    /// Unspecified, multicast, documentation and other addresses that are nobody's.
    case unusableAddress = "unusable_address"
    /// Our own listening address.
    case ourselves
}
