public import ByteCoding

/// The URL of a server that is dialled, taken apart strictly: scheme, host, port, path with query. No user, no fragment,
/// no bytes outside RFC 3986, no host that would need IDNA.
///
/// What is dialled is put together from these parts, so that no second parser can see another host in the text.
public struct ServerURL: Hashable, Sendable {
    /// The longest URL, in bytes.
    public static let maximumLength = 8_192

    /// In lower case, such as `https`.
    public let scheme: String
    /// A name in lower case or an address, without the brackets of a URL.
    public let host: String
    /// The port, 1...65535: the one in the URL, else the scheme's.
    public let port: UInt16
    /// Path and query, beginning with a slash.
    public let target: String

    /// Takes a URL apart; nil when it is none of the given schemes or not strict. `ports` names the schemes that are
    /// allowed, with their default ports; nil for one whose URLs must name a port.
    public init?(_ text: String, ports: [String: UInt16?] = ["http": 80, "https": 443]) {
        guard text.utf8.count <= Self.maximumLength, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        let scheme = text[..<colon].lowercased()
        let rest = text[text.utf8.index(after: colon)...]
        guard let defaultPort = ports[scheme], rest.utf8.starts(with: "//".utf8) else { return nil }
        let behind = rest.dropFirst(2).utf8
        let end = behind.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        guard let (host, port) = Self.authority(behind[..<(end ?? behind.endIndex)]),
            let number = port ?? defaultPort,
            let target = Self.target(behind[(end ?? behind.endIndex)...])
        else { return nil }
        self.init(scheme: scheme, host: host, port: number, target: target)
    }

    private init(scheme: String, host: String, port: UInt16, target: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
    }

    /// The host as an address, when it is written as one.
    public var literal: IPAddress? { IPAddress(host) }

    /// The whole URL, with its port.
    public var text: String {
        "\(scheme)://\(literal.map { $0.isIPv4 ? host : "[\($0)]" } ?? host):\(port)\(target)"
    }

    /// The URL that a `Location` field means in an answer of this one; nil when it is not one of HTTP.
    public func following(location: String) -> ServerURL? {
        let reference = location.prefix { $0 != "#" }
        if reference.hasPrefix("//") { return ServerURL("\(scheme):\(reference)") }
        let isAbsolute = reference.utf8.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            .contains(UInt8(ascii: ":"))
        if isAbsolute { return ServerURL(String(reference)) }
        let path = target.prefix { $0 != "?" }
        let joined: String
        switch reference.utf8.first {
        case nil: joined = target
        case UInt8(ascii: "/"): joined = String(reference)
        case UInt8(ascii: "?"): joined = "\(path)\(reference)"
        default: joined = "\(path[...(path.lastIndex(of: "/") ?? path.startIndex)])\(reference)"
        }
        guard joined.utf8.count <= Self.maximumLength, let target = Self.target(joined[...].utf8) else { return nil }
        return ServerURL(scheme: scheme, host: host, port: port, target: target)
    }

    private static func authority(_ text: Substring.UTF8View) -> (host: String, port: UInt16?)? {
        let isLiteral = text.first == UInt8(ascii: "[")
        var hostEnd = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        if isLiteral {
            guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = text.index(after: bracket)
        }
        guard let host = isLiteral ? addressHost(text[..<hostEnd]) : nameHost(text[..<hostEnd]) else { return nil }
        let tail = text[hostEnd...]
        guard let first = tail.first else { return (host, nil) }
        guard first == UInt8(ascii: ":"), let port = number(tail.dropFirst()) else { return nil }
        return (host, port)
    }

    private static func addressHost(_ bracketed: Substring.UTF8View) -> String? {
        IPAddress(String(Substring(bracketed.dropFirst().dropLast()))).flatMap { $0.isIPv4 ? nil : $0.description }
    }

    private static func nameHost(_ name: Substring.UTF8View) -> String? {
        let isName = name.allSatisfy { byte in
            byte != UInt8(ascii: "~") && PercentEncoding.isUnreserved(byte)
        }
        guard isName, (1...253).contains(name.count) else { return nil }
        return Substring(name).lowercased()
    }

    private static func number(_ digits: Substring.UTF8View) -> UInt16? {
        guard (1...5).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(Substring(digits)), port > 0
        else { return nil }
        return port
    }

    /// Path and query as they are, with a slash before a bare query; nil for a byte that no URL has, a broken escape or
    /// a fragment.
    private static func target(_ text: Substring.UTF8View) -> String? {
        let extra = Array("/?:@!$&'()*+,;=".utf8)
        var hexDigitsDue = 0
        for byte in text {
            if hexDigitsDue > 0 {
                guard Hex.value(of: byte) != nil else { return nil }
                hexDigitsDue -= 1
            } else if byte == UInt8(ascii: "%") {
                hexDigitsDue = 2
            } else if !PercentEncoding.isUnreserved(byte), !extra.contains(byte) {
                return nil
            }
        }
        guard hexDigitsDue == 0 else { return nil }
        return (text.first == UInt8(ascii: "/") ? "" : "/") + String(Substring(text))
    }
}
