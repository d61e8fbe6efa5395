import Bencode
import ByteCoding
import Metainfo

/// The announce over HTTP: the query a client sends and the bencoded answer (BEP 3, 7, 23, 24, 31).
public enum HTTPAnnounce {
    /// The most peers that are read from an answer.
    private static let maximumPeers = 500

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
            appendCompact("peers", answer.peers.filter(\.address.isIPv4), to: &out)
            let distant = answer.peers.filter { !$0.address.isIPv4 }
            if family == .ipv6 || !distant.isEmpty { appendCompact("peers6", distant, to: &out) }
        } else {
            appendDictionaries(answer.peers, to: &out)
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
        out.append(bencoded: key)
        out.append(bencoded: value)
    }

    private static func appendCompact(_ key: String, _ peers: [Endpoint], to out: inout [UInt8]) {
        var list: [UInt8] = []
        list.reserveCapacity(peers.count * 18)
        for peer in peers { peer.append(compactTo: &list) }
        out.append(bencoded: key)
        out.append(bencoded: list)
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

    /// The query a client sends, without `?`.
    public static func query(for request: AnnounceRequest) -> String {
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
        return parameters.joined(separator: "&")
    }

    /// Reads a tracker's answer. Throws the tracker's own failure, or one that says the answer cannot be read.
    public static func decode(answer bytes: [UInt8]) throws(TrackerFailure) -> AnnounceAnswer {
        let root = try BencodeDocument.trackerAnswer(bytes).root
        guard let interval = root["interval"]?.integer, interval > 0 else {
            throw TrackerFailure(reason: "The tracker's answer has no interval.")
        }
        func count(_ key: String) -> UInt32? { root[key]?.integer.map { UInt32(clamping: $0) } }
        return AnnounceAnswer(
            interval: UInt32(clamping: interval), minInterval: count("min interval"), seeders: count("complete") ?? 0,
            leechers: count("incomplete") ?? 0, downloaded: count("downloaded"), peers: peers(root),
            externalIP: root["external ip"]?.bytes.flatMap { IPAddress(bytes: $0) },
            warning: root["warning message"]?.bytes.map { String(decoding: $0.prefix(1024), as: UTF8.self) })
    }

    private static func peers(_ root: BencodeValue) -> [Endpoint] {
        var peers: [Endpoint] = []
        if let compact = root["peers"]?.bytes {
            peers = Endpoint.list(compact: compact, isIPv4: true, limit: maximumPeers)
        } else if let list = root["peers"]?.list {
            for entry in list.prefix(maximumPeers) {
                guard let address = entry["ip"]?.string.flatMap({ IPAddress($0) }),
                    let port = entry["port"]?.integer.flatMap({ UInt16(exactly: $0) })
                else { continue }
                peers.append(Endpoint(address: address, port: port))
            }
        }
        if let compact = root["peers6"]?.bytes {
            peers += Endpoint.list(compact: compact, isIPv4: false, limit: maximumPeers - peers.count)
        }
        return peers
    }
}

extension BencodeDocument {
    /// The dictionary a tracker answered with; throws the failure it holds, or one for what is no dictionary.
    static func trackerAnswer(_ bytes: [UInt8]) throws(TrackerFailure) -> BencodeDocument {
        let limits = BencodeLimits(bytes: 1 << 20, depth: 10, tokens: 20_000)
        guard let document = try? BencodeDocument(decoding: bytes, limits: limits, strictness: .lenient),
            document.root.dictionary != nil
        else { throw TrackerFailure(reason: "The tracker's answer cannot be read.") }
        if let failure = TrackerFailure(document.root) { throw failure }
        return document
    }
}
