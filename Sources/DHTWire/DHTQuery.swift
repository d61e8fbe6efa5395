public import Metainfo

/// What a node asks another (BEP 5).
public enum DHTQuery: Hashable, Sendable {
    /// Are you there?
    case ping
    /// Which nodes do you know nearest to `target`? Without `want`, of the family the packet came in.
    case findNode(target: NodeID, want: WantedFamilies? = nil)
    /// Which peers of a torrent do you know, and which nodes near it? `noSeeds` asks for peers that lack pieces only
    /// (BEP 33).
    case getPeers(InfoHash, want: WantedFamilies? = nil, noSeeds: Bool = false)
    /// I am a peer of a torrent.
    case announcePeer(DHTAnnounce)

    /// The name of the query on the wire.
    public var name: String {
        switch self {
        case .ping: "ping"
        case .findNode: "find_node"
        case .getPeers: "get_peers"
        case .announcePeer: "announce_peer"
        }
    }
}

/// An `announce_peer`.
public struct DHTAnnounce: Hashable, Sendable {
    /// The torrent.
    public var infoHash: InfoHash
    /// The TCP port of the peer; nil when it is the source port of the packet (`implied_port`).
    public var port: UInt16?
    /// What the asked node gave with its answer to `get_peers`: 1...`KRPCMessage.maximumTokenByteCount` bytes.
    public var token: [UInt8]
    /// Whether the peer has everything (BEP 33).
    public var isSeed: Bool

    /// An announce by its parts.
    public init(infoHash: InfoHash, port: UInt16?, token: [UInt8], isSeed: Bool = false) {
        self.infoHash = infoHash
        self.port = port
        self.token = token
        self.isSeed = isSeed
    }
}
