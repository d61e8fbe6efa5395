import Bencode
import ByteCoding
import DHTWire
import Dialling

/// What a node keeps between two runs: its ids and the nodes that answered lately. Bencoded.
struct DHTState: Equatable {
    /// The longest file that is read, in bytes.
    static let maximumByteCount = 1 << 16
    private static let maximumNodes = 400

    /// Our id in each family.
    var ids: [DialFamily: NodeID] = [:]
    /// Nodes to begin with.
    var nodes: [NodeContact] = []

    /// Nothing known.
    init() {}

    /// From the bytes of a file; nil when it is none of ours.
    init?(decoding bytes: [UInt8]) {
        let limits = BencodeLimits(bytes: Self.maximumByteCount, depth: 4, tokens: 64)
        guard let root = try? BencodeDocument(decoding: bytes, limits: limits).root.dictionary else { return nil }
        ids[.ipv4] = root["id"]?.bytes.flatMap { NodeID(bytes: $0) }
        ids[.ipv6] = root["id6"]?.bytes.flatMap { NodeID(bytes: $0) }
        for (key, isIPv4) in [("nodes", true), ("nodes6", false)] {
            let compact = root[key]?.bytes ?? []
            nodes += NodeContact.list(compact: compact, isIPv4: isIPv4, limit: Self.maximumNodes)
        }
    }

    /// The bytes of a file.
    func encoded() -> [UInt8] {
        func compact(isIPv4: Bool) -> [UInt8] {
            var bytes: [UInt8] = []
            for node in nodes.filter({ $0.endpoint.address.isIPv4 == isIPv4 }).prefix(Self.maximumNodes) {
                node.append(compactTo: &bytes)
            }
            return bytes
        }
        return BencodeTree.dictionary([
            "id": ids[.ipv4].map { .bytes($0.bytes) }, "id6": ids[.ipv6].map { .bytes($0.bytes) },
            "nodes": .bytes(compact(isIPv4: true)), "nodes6": .bytes(compact(isIPv4: false)),
        ]).encoded()
    }
}
