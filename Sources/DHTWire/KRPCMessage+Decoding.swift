import Bencode
import ByteCoding
import Metainfo

extension KRPCMessage {
    private static let limits = BencodeLimits(bytes: maximumByteCount, depth: 16, tokens: 600)

    /// Reads a datagram. Keys may stand in any order, and what is not known is passed over.
    public static func decode(_ packet: [UInt8]) throws(KRPCDecodingError) -> KRPCMessage {
        guard let document = try? BencodeDocument(decoding: packet, limits: limits, strictness: .lenient),
            let root = document.root.dictionary,
            let transactionID = root["t"]?.bytes.map(Array.init),
            (1...maximumTransactionByteCount).contains(transactionID.count), let kind = root["y"]?.bytes
        else { throw .notAMessage }
        var message = KRPCMessage(transactionID: transactionID, body: .error(.unknownMethod))
        message.isReadOnly = root["ro"]?.integer == 1
        message.receiver = root["ip"]?.bytes.flatMap { Endpoint(compact: $0) }
        message.version = root["v"]?.bytes.map { Array($0.prefix(16)) }
        switch Array(kind) {
        case [UInt8(ascii: "q")]:
            do throws(KRPCError) {
                message.body = try query(root)
            } catch {
                throw .refused(transactionID: transactionID, error)
            }
        case [UInt8(ascii: "r")]:
            guard let response = response(root["r"]?.dictionary) else { throw .notAMessage }
            message.body = .response(response)
        case [UInt8(ascii: "e")]: message.body = .error(error(root["e"]?.list))
        default: throw .notAMessage
        }
        return message
    }

    private static func query(_ root: BencodeDictionary) throws(KRPCError) -> Body {
        guard let arguments = root["a"]?.dictionary else { throw .malformed("no arguments") }
        guard let sender = arguments["id"]?.bytes.flatMap({ NodeID(bytes: $0) }) else { throw .malformed("bad id") }
        switch root["q"]?.string {
        case "ping": return .query(sender: sender, .ping)
        case "find_node":
            guard let target = arguments["target"]?.bytes.flatMap({ NodeID(bytes: $0) }) else {
                throw .malformed("bad target")
            }
            return .query(sender: sender, .findNode(target: target, want: want(arguments)))
        case "get_peers":
            let noSeeds = arguments["noseed"]?.integer == 1
            return .query(
                sender: sender, .getPeers(try infoHash(arguments), want: want(arguments), noSeeds: noSeeds))
        case "announce_peer": return .query(sender: sender, .announcePeer(try announce(arguments)))
        case .none: throw .malformed("no method")
        case .some: throw .unknownMethod
        }
    }

    private static func infoHash(_ arguments: BencodeDictionary) throws(KRPCError) -> InfoHash {
        guard let hash = arguments["info_hash"]?.bytes.flatMap({ InfoHash(bytes: $0) }) else {
            throw .malformed("bad info_hash")
        }
        return hash
    }

    private static func announce(_ arguments: BencodeDictionary) throws(KRPCError) -> DHTAnnounce {
        let hash = try infoHash(arguments)
        guard let token = arguments["token"]?.bytes, (1...maximumTokenByteCount).contains(token.count) else {
            throw .badToken
        }
        let isImplied = (arguments["implied_port"]?.integer ?? 0) != 0
        let port = arguments["port"]?.integer.flatMap { UInt16(exactly: $0) }
        guard isImplied || (port ?? 0) != 0 else { throw .malformed("bad port") }
        return DHTAnnounce(
            infoHash: hash, port: isImplied ? nil : port, token: Array(token),
            isSeed: arguments["seed"]?.integer == 1)
    }

    /// Nil when nothing is said, or nothing that is known.
    private static func want(_ arguments: BencodeDictionary) -> WantedFamilies? {
        guard let list = arguments["want"]?.list else { return nil }
        var want: WantedFamilies = []
        for entry in list.prefix(8) {
            if entry.string == "n4" { want.insert(.ipv4) }
            if entry.string == "n6" { want.insert(.ipv6) }
        }
        return want.isEmpty ? nil : want
    }

    private static func response(_ values: BencodeDictionary?) -> DHTResponse? {
        guard let values, let id = values["id"]?.bytes.flatMap({ NodeID(bytes: $0) }) else { return nil }
        var response = DHTResponse(id: id)
        if let nodes = values["nodes"]?.bytes {
            response.nodes = NodeContact.list(compact: nodes, isIPv4: true, limit: maximumNodes)
        }
        if let nodes = values["nodes6"]?.bytes {
            response.nodes6 = NodeContact.list(compact: nodes, isIPv4: false, limit: maximumNodes)
        }
        if let token = values["token"]?.bytes, (1...maximumTokenByteCount).contains(token.count) {
            response.token = Array(token)
        }
        if let peers = values["values"]?.list {
            response.values = peers.lazy.compactMap { $0.bytes.flatMap { Endpoint(compact: $0) } }
                .prefix(maximumValues).map { $0 }
        }
        return response
    }

    private static func error(_ parts: BencodeList?) -> KRPCError {
        let parts = parts.map { Array($0.prefix(2)) } ?? []
        let message = parts.last?.bytes.map { String(decoding: $0.prefix(128), as: UTF8.self) }
        return KRPCError(code: parts.first?.integer ?? 201, message: message ?? "")
    }
}
