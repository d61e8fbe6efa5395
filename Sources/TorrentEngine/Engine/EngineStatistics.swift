/// Sums over the whole engine, at one moment.
public struct EngineStatistics: Sendable, Equatable {
    /// Torrents that are seeded, idle ones included.
    public var torrents = 0
    /// Torrents with a peer.
    public var activeTorrents = 0
    /// Connections, including those still in their handshake.
    public var connections = 0
    /// Content files held open.
    public var openFiles = 0
    /// Leechers remembered for dialling.
    public var knownLeechers = 0

    /// Nothing yet.
    public init() {}
}
