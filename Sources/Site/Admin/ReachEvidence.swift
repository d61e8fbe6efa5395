/// What shows that this server is reached from outside: something that came in from a public address.
public struct ReachEvidence: Sendable, Equatable {
    /// Seconds since a peer with a public address shook hands on our peer port; nil: none since the start.
    public var lastInboundPeer: Int?
    /// Seconds since an announce came from a public address; nil: none since the start.
    public var lastAnnounce: Int?
    /// How that announce came.
    public var lastTransport: AnnounceLine.Transport?

    /// No evidence, unless told otherwise.
    public init(
        lastInboundPeer: Int? = nil, lastAnnounce: Int? = nil, lastTransport: AnnounceLine.Transport? = nil
    ) {
        self.lastInboundPeer = lastInboundPeer
        self.lastAnnounce = lastAnnounce
        self.lastTransport = lastTransport
    }
}
