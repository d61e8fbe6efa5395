import ByteCoding

/// A host, by name or address, with a port: a node of the DHT as torrents (BEP 5) and magnets name it.
public struct NodeAddress: Hashable, Sendable {
    /// A host name or an IP literal without brackets.
    public let host: String
    /// The port, 1...65535.
    public let port: UInt16

    /// Nil for port 0, and for a host that is empty, longer than 253 bytes or has other than visible ASCII characters.
    public init?(host: String, port: Int64) {
        guard let port = UInt16(exactly: port), port > 0, (1...253).contains(host.utf8.count),
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"/@?#\\[]<>\"".utf8.contains($0) })
        else { return nil }
        self.host = host
        self.port = port
    }
}

extension NodeAddress: LosslessStringConvertible {
    /// From `host:port` or `[v6]:port`.
    public init?(_ text: String) {
        if let endpoint = Endpoint(text) {
            self.init(host: endpoint.address.description, port: Int64(endpoint.port))
            return
        }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(Substring(parts[1])) else { return nil }
        self.init(host: String(Substring(parts[0])), port: Int64(port))
    }

    /// `host:port`, an IPv6 literal in brackets.
    public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
