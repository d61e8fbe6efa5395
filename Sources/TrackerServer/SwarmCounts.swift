public import Metainfo

/// How many clients a swarm has. One client that announces over both address families, over UDP and HTTP, or under
/// both hashes of a hybrid torrent counts once.
public struct SwarmCounts: Hashable, Sendable {
    /// Clients that have everything, this server's own seeder included.
    public var seeders: Int
    /// Clients that are downloading.
    public var leechers: Int
    /// How often the torrent was downloaded to the end, ever.
    public var completed: UInt64
    /// Clients that want no more than the part they have (BEP 21); not among the leechers.
    public var partialSeeds: Int
    /// Whether this server's own seeder shares the torrent.
    public var serverSeeding: Bool

    /// Counts of an empty swarm unless said otherwise.
    public init(
        seeders: Int = 0, leechers: Int = 0, completed: UInt64 = 0, partialSeeds: Int = 0, serverSeeding: Bool = false
    ) {
        self.seeders = seeders
        self.leechers = leechers
        self.completed = completed
        self.partialSeeds = partialSeeds
        self.serverSeeding = serverSeeding
    }
}

/// The counts of one swarm after they changed.
public struct SwarmChange: Hashable, Sendable {
    /// The torrent, by the hash it was allowed with.
    public let hash: InfoHash
    /// The counts now.
    public let counts: SwarmCounts
}
