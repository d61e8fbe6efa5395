import Bencode
public import ByteCoding

/// Which peers the sender has come to know and lost since its last such message (BEP 11).
public struct PeerExchangeMessage: Hashable, Sendable {
    /// What is known of a peer.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The byte on the wire.
        public let rawValue: UInt8

        /// Flags by their byte.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It prefers encrypted connections.
        public static let prefersEncryption = Flags(rawValue: 0x01)
        /// It seeds, or only uploads.
        public static let uploadOnly = Flags(rawValue: 0x02)
        /// It takes uTP connections.
        public static let utp = Flags(rawValue: 0x04)
        /// It takes part in hole punching.
        public static let holepunch = Flags(rawValue: 0x08)
        /// It can be dialled.
        public static let reachable = Flags(rawValue: 0x10)
    }

    /// A peer with what is known of it.
    public struct Peer: Hashable, Sendable {
        /// Where it listens.
        public var endpoint: Endpoint
        /// What is known of it.
        public var flags: Flags

        /// A peer by its parts.
        public init(endpoint: Endpoint, flags: Flags = []) {
            self.endpoint = endpoint
            self.flags = flags
        }
    }

    /// Peers the sender has connected to.
    public var added: [Peer]
    /// Peers the sender has lost.
    public var dropped: [Endpoint]

    /// The most peers of each kind in a message; further ones are not read or written.
    public static let maximumPeers = 50

    /// A message by its lists.
    public init(added: [Peer], dropped: [Endpoint] = []) {
        self.added = added
        self.dropped = dropped
    }

    /// Reads a payload. Throws `badExtension` when it is no dictionary. The addresses are not checked; whether one
    /// may be dialled is for the dialler.
    public init(decoding payload: some Collection<UInt8>) throws(PeerWireError) {
        guard let document = try? BencodeDocument(prefixOf: Array(payload)), document.root.dictionary != nil else {
            throw .badExtension
        }
        let root = document.root
        func endpoints(_ key: String, _ isIPv4: Bool) -> [Endpoint] {
            Endpoint.list(compact: root[key]?.bytes ?? [], isIPv4: isIPv4, limit: Self.maximumPeers)
        }
        func peers(_ key: String, _ isIPv4: Bool) -> [Peer] {
            let flags = Array(root[key + ".f"]?.bytes ?? [])
            return endpoints(key, isIPv4).enumerated().map { index, endpoint in
                Peer(endpoint: endpoint, flags: Flags(rawValue: index < flags.count ? flags[index] : 0))
            }
        }
        added = Array((peers("added", true) + peers("added6", false)).prefix(Self.maximumPeers))
        dropped = Array((endpoints("dropped", true) + endpoints("dropped6", false)).prefix(Self.maximumPeers))
    }

    /// The payload.
    public func encoded() -> [UInt8] {
        let added = added.prefix(Self.maximumPeers)
        let dropped = dropped.prefix(Self.maximumPeers)
        func compact(_ endpoints: some Sequence<Endpoint>, _ isIPv4: Bool) -> BencodeTree {
            .bytes(endpoints.filter { $0.address.isIPv4 == isIPv4 }.flatMap(\.compact))
        }
        func flags(_ isIPv4: Bool) -> BencodeTree {
            .bytes(added.filter { $0.endpoint.address.isIPv4 == isIPv4 }.map(\.flags.rawValue))
        }
        return BencodeTree.dictionary([
            "added": compact(added.lazy.map(\.endpoint), true), "added.f": flags(true),
            "added6": compact(added.lazy.map(\.endpoint), false), "added6.f": flags(false),
            "dropped": compact(dropped, true), "dropped6": compact(dropped, false),
        ]).encoded()
    }
}
