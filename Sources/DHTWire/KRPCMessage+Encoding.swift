import Bencode
import ByteCoding
import Metainfo

extension KRPCMessage {
    /// The datagram, keys in the order of their bytes.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        out.append(UInt8(ascii: "d"))
        switch body {
        case .query(let sender, let query):
            Self.append(query, from: sender, to: &out)
            if isReadOnly { Self.append("ro", 1, to: &out) }
        case .response(let response):
            appendReceiver(to: &out)
            Self.append(response, to: &out)
        case .error(let error):
            out.append(bencoded: "e")
            out.append(UInt8(ascii: "l"))
            out.append(bencoded: error.code)
            out.append(bencoded: error.message)
            out.append(UInt8(ascii: "e"))
            appendReceiver(to: &out)
        }
        Self.append("t", transactionID, to: &out)
        if let version { Self.append("v", version, to: &out) }
        out.append(bencoded: "y")
        switch body {
        case .query: out.append(bencoded: "q")
        case .response: out.append(bencoded: "r")
        case .error: out.append(bencoded: "e")
        }
        out.append(UInt8(ascii: "e"))
        return out
    }

    private func appendReceiver(to out: inout [UInt8]) {
        if let receiver { Self.append("ip", receiver.compact, to: &out) }
    }

    private static func append(_ key: String, _ bytes: [UInt8], to out: inout [UInt8]) {
        out.append(bencoded: key)
        out.append(bencoded: bytes)
    }

    private static func append(_ key: String, _ number: Int, to out: inout [UInt8]) {
        out.append(bencoded: key)
        out.append(bencoded: number)
    }

    private static func append(_ query: DHTQuery, from sender: NodeID, to out: inout [UInt8]) {
        out.append(bencoded: "a")
        out.append(UInt8(ascii: "d"))
        append("id", sender.bytes, to: &out)
        switch query {
        case .ping: break
        case .findNode(let target, let want):
            append("target", target.bytes, to: &out)
            append(want, to: &out)
        case .getPeers(let hash, let want, let noSeeds):
            append("info_hash", hash.bytes, to: &out)
            if noSeeds { append("noseed", 1, to: &out) }
            append(want, to: &out)
        case .announcePeer(let announce):
            append("implied_port", announce.port == nil ? 1 : 0, to: &out)
            append("info_hash", announce.infoHash.bytes, to: &out)
            if let port = announce.port { append("port", Int(port), to: &out) }
            append("seed", announce.isSeed ? 1 : 0, to: &out)
            append("token", announce.token, to: &out)
        }
        out.append(UInt8(ascii: "e"))
        append("q", Array(query.name.utf8), to: &out)
    }

    private static func append(_ want: WantedFamilies?, to out: inout [UInt8]) {
        guard let want else { return }
        out.append(bencoded: "want")
        out.append(UInt8(ascii: "l"))
        if want.contains(.ipv4) { out.append(bencoded: "n4") }
        if want.contains(.ipv6) { out.append(bencoded: "n6") }
        out.append(UInt8(ascii: "e"))
    }

    private static func append(_ response: DHTResponse, to out: inout [UInt8]) {
        out.append(bencoded: "r")
        out.append(UInt8(ascii: "d"))
        append("id", response.id.bytes, to: &out)
        append("nodes", response.nodes, to: &out)
        append("nodes6", response.nodes6, to: &out)
        if let token = response.token { append("token", token, to: &out) }
        if !response.values.isEmpty {
            out.append(bencoded: "values")
            out.append(UInt8(ascii: "l"))
            for peer in response.values { out.append(bencoded: peer.compact) }
            out.append(UInt8(ascii: "e"))
        }
        out.append(UInt8(ascii: "e"))
    }

    private static func append(_ key: String, _ nodes: [NodeContact]?, to out: inout [UInt8]) {
        guard let nodes else { return }
        var compact: [UInt8] = []
        for node in nodes { node.append(compactTo: &compact) }
        append(key, compact, to: &out)
    }
}
