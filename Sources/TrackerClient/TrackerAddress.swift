public import Dialling

/// Where a tracker is: its announce URL over UDP, HTTP or HTTPS.
public struct TrackerAddress: Hashable, Sendable {
    /// How a tracker is spoken to.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// BEP 15.
        case udp
        /// BEP 3.
        case http
        /// BEP 3 over TLS.
        case https
    }

    /// How it is spoken to.
    public let scheme: Scheme
    /// The announce URL as it was given.
    public let url: String
    /// The URL in its parts.
    public let parts: ServerURL

    /// The host in lower case, without brackets.
    public var host: String { parts.host }
    /// The port, 1...65535.
    public var port: UInt16 { parts.port }
    /// Path and query, beginning with a slash.
    public var path: String { parts.target }

    /// Reads an announce URL; nil when it is none. Over UDP it needs a port.
    public init?(_ url: String) {
        guard let parts = ServerURL(url, ports: ["udp": UInt16?.none, "http": 80, "https": 443]),
            let scheme = Scheme(rawValue: parts.scheme)
        else { return nil }
        self.scheme = scheme
        self.url = url
        self.parts = parts
    }
}

extension TrackerAddress: CustomStringConvertible {
    /// The URL as it was given.
    public var description: String { url }
}
