/// Sums over all torrents of a tracker, for an operator's page or metrics.
public struct TrackerTotals: Hashable, Sendable {
    /// Torrents that are tracked.
    public private(set) var torrents = 0
    /// Seeders in all swarms, this server's own included.
    public private(set) var seeders = 0
    /// Leechers in all swarms.
    public private(set) var leechers = 0
    /// Partial seeds in all swarms (BEP 21).
    public private(set) var partialSeeds = 0
    /// Addresses that are remembered; a client may have several.
    public private(set) var addresses = 0

    mutating func add(_ swarm: SwarmFigures) {
        torrents += 1
        change(swarm, by: 1)
    }

    mutating func subtract(_ swarm: SwarmFigures) {
        torrents -= 1
        change(swarm, by: -1)
    }

    /// Puts what a swarm is now in the place of what it was.
    mutating func replace(_ before: SwarmFigures, by after: SwarmFigures) {
        change(before, by: -1)
        change(after, by: 1)
    }

    mutating func add(_ other: TrackerTotals) {
        torrents += other.torrents
        seeders += other.seeders
        leechers += other.leechers
        partialSeeds += other.partialSeeds
        addresses += other.addresses
    }

    private mutating func change(_ swarm: SwarmFigures, by sign: Int) {
        seeders += sign * swarm.counts.seeders
        leechers += sign * swarm.counts.leechers
        partialSeeds += sign * swarm.counts.partialSeeds
        addresses += sign * swarm.addresses
    }
}
