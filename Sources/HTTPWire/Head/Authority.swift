import ByteCoding

/// A host and port as Host and absolute request targets name them (RFC 3986, 3.2), without user information.
public struct Authority: Sendable, Equatable {
    /// The host, lower-case; an IPv6 literal keeps its brackets.
    public let name: String
    /// The port, where one was given.
    public let port: Int?

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`.
    ///
    /// - Throws: `RequestError` (400) for anything else: user information, an empty host, a port over 65535.
    public init(_ bytes: [UInt8]) throws(RequestError) {
        let split = try Self.split(bytes)
        var name = ""
        if bytes.first == UInt8(ascii: "[") {
            let literal = String(decoding: split.host.dropFirst().dropLast(), as: UTF8.self)
            guard let address = IPAddress(literal), literal.contains(":") else { throw RequestError.host }
            name = "[\(address.isIPv4 ? literal.lowercased() : address.description)]"
        } else {
            guard !split.host.isEmpty, split.host.count <= 255, split.host.allSatisfy(Self.isHostByte) else {
                throw RequestError.host
            }
            name = String(decoding: split.host.map(Octet.lowercased), as: UTF8.self)
        }
        self.name = name
        port = try split.port.map { digits throws(RequestError) in try Self.port(digits) } ?? nil
    }

    /// An authority that is known to be well formed, such as our own address.
    public init(name: String, port: Int?) {
        self.name = name
        self.port = port
    }

    private static func split(
        _ bytes: [UInt8]
    ) throws(RequestError) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        var hostEnd = bytes.firstIndex(of: Octet.colon) ?? bytes.endIndex
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw RequestError.host }
            hostEnd = close + 1
        }
        guard hostEnd < bytes.endIndex else { return (bytes[..<hostEnd], nil) }
        guard bytes[hostEnd] == Octet.colon else { throw RequestError.host }
        return (bytes[..<hostEnd], bytes[(hostEnd + 1)...])
    }

    /// An empty port is allowed by RFC 3986 and means none.
    private static func port(_ digits: ArraySlice<UInt8>) throws(RequestError) -> Int? {
        if digits.isEmpty { return nil }
        guard digits.count <= 5, digits.allSatisfy(Octet.isDigit) else { throw RequestError.host }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard value <= 65535 else { throw RequestError.host }
        return value
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
