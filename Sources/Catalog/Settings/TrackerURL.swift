/// The announce URL of a tracker that BitTorrent clients accept: `udp`, `http` or `https`, a host, and for UDP a port.
/// libtorrent drops a URL whose query carries announce parameters, and on loopback one whose path does not begin
/// with `/announce`, so both are refused here.
public struct TrackerURL: Hashable, Sendable, CustomStringConvertible {
    /// The URL as it is put into torrents.
    public let rawValue: String

    /// Checks a URL of at most 500 characters.
    public init(_ text: String) throws(CatalogError) {
        let url = PlainText.trimmed(text)
        guard (1...500).contains(url.utf8.count), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }) else {
            throw Self.refusal("A tracker URL has at most 500 printable ASCII characters without spaces.")
        }
        let scheme = try Self.scheme(of: url)
        let rest = url.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest.dropFirst(authority.count)
        guard !authority.contains("@") else { throw Self.refusal("A tracker URL may not carry a user name.") }
        guard !tail.contains("#") else { throw Self.refusal("A tracker URL may not carry a fragment.") }
        let (host, port) = try Self.hostAndPort(authority)
        guard scheme != "udp" || port != nil else {
            throw Self.refusal("A UDP tracker URL needs a port, as in udp://tracker.example:6969/announce.")
        }
        try Self.checkTail(tail, host: host, scheme: scheme)
        rawValue = scheme + "://" + rest
    }

    /// The URL.
    public var description: String { rawValue }

    private static func refusal(_ sentence: String) -> CatalogError {
        CatalogError(field: "tracker_urls", sentence: sentence)
    }

    private static func scheme(of url: String) throws(CatalogError) -> String {
        let lowered = url.prefix(8).lowercased()
        for scheme in ["udp", "http", "https"] where lowered.hasPrefix(scheme + "://") { return scheme }
        throw refusal("A tracker URL begins with udp://, http:// or https://.")
    }

    private static func hostAndPort(_ authority: Substring) throws(CatalogError) -> (host: String, port: Int?) {
        let isLiteral = authority.hasPrefix("[")
        let end = isLiteral ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        let host = authority[..<(end ?? authority.endIndex)]
        let portText = authority[(end ?? authority.endIndex)...]
        let inner = isLiteral ? host.dropFirst().dropLast() : host
        let allowed = isLiteral ? inner.utf8.allSatisfy(isLiteralByte) : inner.utf8.allSatisfy(isHostByte)
        guard !inner.isEmpty, inner.utf8.count <= 253, allowed, !isLiteral || end != nil else {
            throw refusal("A tracker URL needs a host name or an address.")
        }
        guard !portText.isEmpty else { return (String(inner).lowercased(), nil) }
        let digits = portText.dropFirst()
        guard portText.hasPrefix(":"), (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), (1...65_535).contains(port)
        else { throw refusal("A tracker URL's port lies between 1 and 65535.") }
        return (String(inner).lowercased(), port)
    }

    private static func checkTail(_ tail: Substring, host: String, scheme: String) throws(CatalogError) {
        let path = tail.prefix { $0 != "?" }
        let query = tail.dropFirst(path.count).dropFirst()
        for pair in query.split(separator: "&") {
            let name = pair.prefix { $0 != "=" }.lowercased()
            if announceParameters.contains(name) {
                throw refusal("A tracker URL may not carry the announce parameter \(name); clients add it.")
            }
        }
        if scheme != "udp", isLoopback(host), !path.hasPrefix("/announce") {
            throw refusal("The path of a tracker on this machine must begin with /announce, or clients drop it.")
        }
    }

    private static let announceParameters: Set<String> = [
        "info_hash", "peer_id", "port", "uploaded", "downloaded", "left", "event", "numwant", "compact", "key",
        "trackerid", "ip", "ipv4", "ipv6", "no_peer_id", "corrupt", "redundant", "supportcrypto",
    ]

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.split(separator: ".").count == 4)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isLiteralByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x46, 0x61...0x66, UInt8(ascii: "."): true
        default: false
        }
    }
}
