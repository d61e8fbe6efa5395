import Foundation

/// The configured public URL: a scheme, a host and perhaps a port; no path, query or user.
public struct PublicURL: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// The host as it stands in a URL, in lower case; an IPv6 address in brackets.
    public let host: String
    /// The port, when one was given.
    public let port: UInt16?

    /// Nil when the text is no http(s) URL of only scheme, host and port.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.encodedHost, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil
        else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        if let number = parts.port {
            guard let port = UInt16(exactly: number), port > 0 else { return nil }
            self.port = port
        } else {
            port = nil
        }
    }

    /// Host and port as a Host header has them.
    public var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// The URL without a slash at its end.
    public var origin: String { "\(scheme)://\(authority)" }
}
