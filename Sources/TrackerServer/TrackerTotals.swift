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

    mutating func add(_ counts: SwarmCounts, addresses: Int) {
        torrents += 1
        seeders += counts.seeders
        leechers += counts.leechers
        partialSeeds += counts.partialSeeds
        self.addresses += addresses
    }
}
