/// What our own tracker knows of one swarm at one moment.
public struct SwarmCounts: Sendable, Equatable {
    /// Clients that hold the whole film, this server's own seeder included.
    public var seeders: Int
    /// Clients that are still fetching it.
    public var leechers: Int
    /// How often a client has said that its download finished (BEP 48 `downloaded`).
    public var completed: Int
    /// Clients that hold the parts they wanted and fetch no more (BEP 21).
    public var partialSeeds: Int
    /// Whether this server seeds the film now.
    public var serverSeeding: Bool

    /// A swarm of nobody, unless told otherwise.
    public init(
        seeders: Int = 0, leechers: Int = 0, completed: Int = 0, partialSeeds: Int = 0, serverSeeding: Bool = false
    ) {
        self.seeders = seeders
        self.leechers = leechers
        self.completed = completed
        self.partialSeeds = partialSeeds
        self.serverSeeding = serverSeeding
    }
}
