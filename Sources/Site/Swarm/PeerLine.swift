public import ByteCoding

/// What a peer of a swarm is there for, as far as it has said.
public enum PeerRole: String, Sendable, Equatable, CaseIterable {
    /// It holds the whole film.
    case seeder
    /// It is still fetching.
    case leecher
    /// It holds the parts it wanted and fetches no more (BEP 21).
    case partialSeed
}

/// How this server knows of a peer.
public enum PeerSource: String, Sendable, Equatable, CaseIterable {
    /// It announces itself to our tracker.
    case announced
    /// It is connected to our seeder.
    case connected
    /// Both.
    case both
}

/// One peer of a swarm, as the admin's list shows it.
public struct PeerLine: Sendable, Equatable {
    /// Address and port: those it announced, or where its end of the connection is.
    public var endpoint: Endpoint
    /// The client's name and version, from its handshake or the head of its peer id; text from outside, may be empty.
    public var client: String
    /// Part of the film it holds, 0 to 1, where known.
    public var progress: Double?
    /// Bytes it has sent to others, by its own announces; 0 where it does not announce here.
    public var uploaded: UInt64
    /// Bytes it has fetched, by its own announces; 0 where it does not announce here.
    public var downloaded: UInt64
    /// Bytes we have sent to it in this connection.
    public var sent: UInt64
    /// Bytes a second we send to it now.
    public var rate: Double
    /// Seconds since its last announce; nil for one that is only connected.
    public var lastSeen: Int?
    /// What it is there for.
    public var role: PeerRole
    /// How we know of it.
    public var source: PeerSource

    /// Whether its address is one of IPv6.
    public var isIPv6: Bool { !endpoint.address.isIPv4 }

    /// One line of the list.
    public init(
        endpoint: Endpoint, client: String = "", progress: Double? = nil, uploaded: UInt64 = 0, downloaded: UInt64 = 0,
        sent: UInt64 = 0, rate: Double = 0, lastSeen: Int? = nil, role: PeerRole = .leecher,
        source: PeerSource = .announced
    ) {
        self.endpoint = endpoint
        self.client = client
        self.progress = progress
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.sent = sent
        self.rate = rate
        self.lastSeen = lastSeen
        self.role = role
        self.source = source
    }
}
