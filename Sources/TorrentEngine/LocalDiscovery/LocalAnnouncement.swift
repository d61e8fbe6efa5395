import ByteCoding
import Metainfo

/// A datagram of local service discovery (BEP 14): torrents that the sender has to do with, and its port.
struct LocalAnnouncement: Hashable, Sendable {
    /// The torrents.
    var hashes: [InfoHash]
    /// The TCP port on which the sender listens for peers, 1...65535.
    var port: UInt16
    /// What the sender knows its own datagrams by.
    var cookie: String?

    /// The longest datagram, in bytes.
    static let maximumByteCount = 1_400
    /// The most torrents in one datagram: what fits.
    static let maximumHashes = 20
    private static let maximumCookieLength = 64

    init(hashes: [InfoHash], port: UInt16, cookie: String? = nil) {
        self.hashes = hashes
        self.port = port
        self.cookie = cookie
    }

    /// Reads a datagram; nil when it is none of these. Fields of no use are passed over, names of fields are read in
    /// either case, lines may end with a bare line feed.
    init?(decoding bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.maximumByteCount else { return nil }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .lazy.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }.makeIterator()
        guard let start = lines.next(), start.elementsEqual("BT-SEARCH * HTTP/1.1".utf8) else { return nil }
        var (port, cookie): (UInt16?, String?)
        var hashes: [InfoHash] = []
        while let line = lines.next(), !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = Self.trimmed(line[line.index(after: colon)...])
            switch String(decoding: line[..<colon].prefix(16), as: UTF8.self).lowercased() {
            case "port": port = Self.port(value)
            case "infohash" where value.count == 40 && hashes.count < Self.maximumHashes:
                if let hash = InfoHash(hex: String(decoding: value, as: UTF8.self)) { hashes.append(hash) }
            case "cookie": cookie = String(decoding: value.prefix(Self.maximumCookieLength), as: UTF8.self)
            default: break
            }
        }
        guard let port, port > 0, !hashes.isEmpty else { return nil }
        self.init(hashes: hashes, port: port, cookie: cookie)
    }

    /// The datagram for the group at `host`, such as `239.192.152.143:6771`.
    func encoded(host: Endpoint) -> [UInt8] {
        var text = "BT-SEARCH * HTTP/1.1\r\nHost: \(host)\r\nPort: \(port)\r\n"
        for hash in hashes.prefix(Self.maximumHashes) { text += "Infohash: \(hash.hex)\r\n" }
        if let cookie { text += "cookie: \(cookie)\r\n" }
        return Array((text + "\r\n\r\n").utf8)
    }

    private static func port(_ digits: some Collection<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self))
    }

    private static func trimmed<Bytes: BidirectionalCollection>(_ bytes: Bytes) -> Bytes.SubSequence
    where Bytes.Element == UInt8 {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return rest
    }
}
