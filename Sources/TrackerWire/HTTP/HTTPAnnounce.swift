import Bencode
import ByteCoding
import Metainfo

/// The announce over HTTP: the query a client sends and the bencoded answer (BEP 3, 7, 23, 24, 31).
public enum HTTPAnnounce {
    /// Reads the raw query of a request. `ip`, `ipv4` and `ipv6` are not looked at, unknown keys are ignored, of
    /// equal keys the first counts; a value that cannot be read is a failure where the announce depends on it.
    public static func parse(query: [UInt8]) throws(TrackerFailure) -> AnnounceRequest {
        guard query.count <= QueryParameters.maximumLength else {
            throw TrackerFailure(reason: "The query is too long.")
        }
        var fields = Fields()
        for (key, value) in QueryParameters(query: query[...]) { try fields.read(key, value) }
        return try fields.request()
    }

    /// The answer, bencoded: `peers` holds IPv4 peers and `peers6` IPv6 peers, both compact, or `peers` lists
    /// dictionaries when the client asked for `compact=0`. `family` is that of the client: its list is there even
    /// when empty.
    public static func encode(
        _ answer: AnnounceAnswer, for request: AnnounceRequest, family: AddressFamily
    ) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(200 + answer.peers.count * (request.compact ? 18 : 64))
        out.append(UInt8(ascii: "d"))
        append("complete", answer.seeders, to: &out)
        append("downloaded", answer.downloaded, to: &out)
        if let address = answer.externalIP {
            out.append(bencoded: "external ip")
            out.append(bencoded: address.bytes)
        }
        append("incomplete", answer.leechers, to: &out)
        append("interval", answer.interval, to: &out)
        append("min interval", answer.minInterval, to: &out)
        if request.compact {
            let count = answer.peers.reduce(0) { $0 + ($1.address.isIPv4 ? 1 : 0) }
            appendCompact("peers", answer.peers, .ipv4, count, to: &out)
            let distant = answer.peers.count - count
            if family == .ipv6 || distant > 0 { appendCompact("peers6", answer.peers, .ipv6, distant, to: &out) }
        } else {
            appendDictionaries(answer.peers, to: &out)
        }
        if let id = answer.trackerID {
            out.append(bencoded: "tracker id")
            out.append(bencoded: id)
        }
        if let warning = answer.warning {
            out.append(bencoded: "warning message")
            out.append(bencoded: warning)
        }
        out.append(UInt8(ascii: "e"))
        return out
    }

    private static func append(_ key: String, _ value: UInt32?, to out: inout [UInt8]) {
        guard let value else { return }
        append(decimal: key.utf8.count, to: &out)
        out.append(UInt8(ascii: ":"))
        out.append(contentsOf: key.utf8)
        out.append(UInt8(ascii: "i"))
        append(decimal: Int(value), to: &out)
        out.append(UInt8(ascii: "e"))
    }

    /// Appends a number, zero or more, without the text in between that a general encoder makes.
    private static func append(decimal number: Int, to out: inout [UInt8]) {
        var unit = 1
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }

    private static func appendCompact(
        _ key: String, _ peers: [Endpoint], _ family: AddressFamily, _ count: Int, to out: inout [UInt8]
    ) {
        out.append(bencoded: key)
        append(decimal: count * family.endpointByteCount, to: &out)
        out.append(UInt8(ascii: ":"))
        for peer in peers where AddressFamily(of: peer.address) == family {
            let (high, low) = peer.address.v6Halves
            if family == .ipv6 {
                append(high, bytes: 8, to: &out)
                append(low, bytes: 8, to: &out)
            } else {
                append(low, bytes: 4, to: &out)
            }
            append(UInt64(peer.port), bytes: 2, to: &out)
        }
    }

    /// Appends the lowest bytes of a number in network order.
    private static func append(_ number: UInt64, bytes: Int, to out: inout [UInt8]) {
        for shift in stride(from: 8 * (bytes - 1), through: 0, by: -8) {
            out.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private static func appendDictionaries(_ peers: [Endpoint], to out: inout [UInt8]) {
        out.append(bencoded: "peers")
        out.append(UInt8(ascii: "l"))
        for peer in peers {
            out.append(UInt8(ascii: "d"))
            out.append(bencoded: "ip")
            out.append(bencoded: peer.address.description)
            out.append(bencoded: "port")
            out.append(bencoded: peer.port)
            out.append(UInt8(ascii: "e"))
        }
        out.append(UInt8(ascii: "e"))
    }

    /// What a query gives back as `trackerid`, as an earlier answer named it; nil when there is none that can be read.
    public static func trackerID(query: [UInt8]) -> [UInt8]? {
        guard query.count <= QueryParameters.maximumLength else { return nil }
        for (key, value) in QueryParameters(query: query[...]) where key.elementsEqual("trackerid".utf8) {
            return PercentEncoding.decode(value, plusIsSpace: false)
        }
        return nil
    }

    /// The query a client sends, without `?`.
    ///
    /// - Parameter trackerID: what the tracker's last answer named so.
    public static func query(for request: AnnounceRequest, trackerID: [UInt8]? = nil) -> String {
        var parameters = [
            "info_hash=" + PercentEncoding.encode(request.infoHash.bytes),
            "peer_id=" + PercentEncoding.encode(request.peerID.bytes),
            "port=\(request.port)", "uploaded=\(request.uploaded)", "downloaded=\(request.downloaded)",
            "left=\(request.left)", "compact=\(request.compact ? 1 : 0)",
        ]
        if request.noPeerID { parameters.append("no_peer_id=1") }
        if request.event != .none { parameters.append("event=\(request.event.rawValue)") }
        if let count = request.numWant { parameters.append("numwant=\(count)") }
        if let key = request.key {
            let digits = String(key, radix: 16)
            parameters.append("key=" + String(repeating: "0", count: 8 - digits.utf8.count) + digits)
        }
        if let trackerID { parameters.append("trackerid=" + PercentEncoding.encode(trackerID)) }
        return parameters.joined(separator: "&")
    }

    /// Reads a tracker's answer. Throws the tracker's own failure, or one that says the answer cannot be read.
    public static func decode(
        answer bytes: [UInt8], limits: TrackerAnswerLimits = TrackerAnswerLimits()
    ) throws(TrackerFailure) -> AnnounceAnswer {
        let root = try BencodeDocument.trackerAnswer(bytes, limits).root
        guard let interval = root["interval"]?.integer, interval > 0 else {
            throw TrackerFailure(reason: "The tracker's answer has no interval.")
        }
        func count(_ key: String) -> UInt32? { root[key]?.integer.map { UInt32(clamping: $0) } }
        return AnnounceAnswer(
            interval: UInt32(clamping: interval), minInterval: count("min interval"), seeders: count("complete") ?? 0,
            leechers: count("incomplete") ?? 0, downloaded: count("downloaded"),
            peers: peers(root, limit: limits.peers),
            externalIP: root["external ip"]?.bytes.flatMap { IPAddress(bytes: $0) },
            warning: root["warning message"]?.bytes.map { String(decoding: $0.prefix(limits.words), as: UTF8.self) },
            trackerID: root["tracker id"]?.bytes.flatMap { $0.count <= limits.words ? Array($0) : nil })
    }

    private static func peers(_ root: BencodeValue, limit: Int) -> [Endpoint] {
        var peers: [Endpoint] = []
        if let compact = root["peers"]?.bytes {
            peers = Endpoint.list(compact: compact, isIPv4: true, limit: limit)
        } else if let list = root["peers"]?.list {
            for entry in list.prefix(limit) {
                guard let address = entry["ip"]?.string.flatMap({ IPAddress($0) }),
                    let port = entry["port"]?.integer.flatMap({ UInt16(exactly: $0) })
                else { continue }
                peers.append(Endpoint(address: address, port: port))
            }
        }
        if let compact = root["peers6"]?.bytes {
            peers += Endpoint.list(compact: compact, isIPv4: false, limit: limit - peers.count)
        }
        return peers
    }
}

extension BencodeDocument {
    /// The dictionary a tracker answered with; throws the failure it holds, or one for what is no dictionary.
    static func trackerAnswer(
        _ bytes: [UInt8], _ limits: TrackerAnswerLimits
    ) throws(TrackerFailure) -> BencodeDocument {
        guard let document = answer(bytes, limits) else {
            throw TrackerFailure(reason: "The tracker's answer cannot be read.")
        }
        if let failure = TrackerFailure(document.root) { throw failure }
        return document
    }

    /// The dictionary a tracker answered with, whatever it says; nil for what is none.
    static func answer(_ bytes: [UInt8], _ limits: TrackerAnswerLimits) -> BencodeDocument? {
        let limits = BencodeLimits(bytes: limits.bytes, depth: 10, tokens: 20_000)
        guard let document = try? BencodeDocument(decoding: bytes, limits: limits, strictness: .lenient),
            document.root.dictionary != nil
        else { return nil }
        return document
    }
}
