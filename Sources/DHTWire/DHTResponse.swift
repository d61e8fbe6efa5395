public import ByteCoding

/// What a node answers: only its id for `ping` and `announce_peer`, more for the others.
public struct DHTResponse: Hashable, Sendable {
    /// The id of the node that answers.
    public var id: NodeID
    /// Nodes near the target, with IPv4 addresses; nil where none were asked for.
    public var nodes: [NodeContact]?
    /// Nodes near the target, with IPv6 addresses (BEP 32); nil where none were asked for.
    public var nodes6: [NodeContact]?
    /// What allows its receiver to announce; only with answers to `get_peers`.
    public var token: [UInt8]?
    /// Peers of the torrent.
    public var values: [Endpoint]

    /// A response by its parts.
    public init(
        id: NodeID, nodes: [NodeContact]? = nil, nodes6: [NodeContact]? = nil, token: [UInt8]? = nil,
        values: [Endpoint] = []
    ) {
        self.id = id
        self.nodes = nodes
        self.nodes6 = nodes6
        self.token = token
        self.values = values
    }
}
