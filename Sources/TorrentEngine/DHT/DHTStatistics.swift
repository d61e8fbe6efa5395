public import ByteCoding

/// What a node of the DHT knows and has done since its start.
public struct DHTStatistics: Sendable, Equatable {
    /// Nodes in the routing tables, both families.
    public var nodes = 0
    /// Those of them that answered in the last 15 minutes.
    public var goodNodes = 0
    /// Torrents we keep peers of for others.
    public var storedTorrents = 0
    /// Peers kept for others.
    public var storedPeers = 0
    /// Lookups under way.
    public var lookups = 0
    /// Datagrams that came in.
    public var received = 0
    /// Bytes sent.
    public var sentBytes = 0
    /// Queries of others that were answered, errors included.
    public var answered = 0
    /// Queries of others left without an answer because of a limit.
    public var limited = 0
    /// Our queries.
    public var asked = 0
    /// Our queries that nobody answered.
    public var unanswered = 0
    /// Our addresses as other nodes see them (BEP 42), where enough of them agree.
    public var externalAddresses: [IPAddress] = []

    /// Zero of everything.
    public init() {}
}
