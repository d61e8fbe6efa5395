/// An IP address with a TCP or UDP port.
public struct Endpoint: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// The port, 0...65535. Port 0 can be held, not dialled.
    public let port: UInt16

    /// An address with a port.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The 6 (BEP 23) or 18 (BEP 7) bytes of compact peer lists; nil for any other count.
    public init?(compact bytes: some Collection<UInt8>) {
        guard bytes.count == 6 || bytes.count == 18, let address = IPAddress(bytes: bytes.dropLast(2)) else {
            return nil
        }
        self.init(address: address, port: bytes.suffix(2).reduce(0) { $0 << 8 | UInt16($1) })
    }

    /// The address and port, 6 or 18 bytes in network order (BEP 23, BEP 7).
    public var compact: [UInt8] {
        var bytes: [UInt8] = []
        append(compactTo: &bytes)
        return bytes
    }

    /// Appends the 6 or 18 bytes of `compact`.
    public func append(compactTo out: inout [UInt8]) {
        address.append(to: &out)
        out.append(bigEndian: port)
    }

    /// Every whole endpoint in a compact list; leftover bytes at its end are ignored. At most `limit` are read.
    public static func list(compact bytes: some Collection<UInt8>, isIPv4: Bool, limit: Int) -> [Endpoint] {
        let size = isIPv4 ? 6 : 18
        var endpoints: [Endpoint] = []
        var rest = bytes[...]
        while rest.count >= size, endpoints.count < limit {
            if let endpoint = Endpoint(compact: rest.prefix(size)) { endpoints.append(endpoint) }
            rest = rest.dropFirst(size)
        }
        return endpoints
    }
}

extension Endpoint: LosslessStringConvertible {
    /// An endpoint from `1.2.3.4:80` or `[::1]:80`; names are refused, as is a port with a sign or leading zero.
    public init?(_ text: String) {
        guard text.utf8.count <= 60, let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Self.port(text.utf8[text.utf8.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        let isBracketed = host.utf8.first == UInt8(ascii: "[") && host.utf8.last == UInt8(ascii: "]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(String(host)), isBracketed == host.utf8.contains(UInt8(ascii: ":")) else {
            return nil
        }
        self.init(address: address, port: port)
    }

    /// `1.2.3.4:80` or `[::1]:80`.
    public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    private static func port(_ digits: Substring.UTF8View) -> UInt16? {
        guard (1...5).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
        }
        return UInt16(exactly: value)
    }
}
