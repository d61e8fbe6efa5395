public import Catalog

/// A point of a chart: what a swarm was like for some time. Counts are means over that time, rounded.
public struct HistoryPoint: Hashable, Sendable {
    /// When that time began.
    public let at: Timestamp
    /// Clients that had everything, this server included.
    public let seeders: Int
    /// Clients that were downloading.
    public let leechers: Int
    /// Clients that wanted no more than the part they had (BEP 21).
    public let partialSeeds: Int
    /// Completed downloads up to the end of that time, ever.
    public let completed: Int64
    /// Bytes that our seeder sent in that time: since the previous point.
    public let uploaded: Int64

    /// Makes a point from its parts.
    public init(
        at: Timestamp, seeders: Int, leechers: Int, partialSeeds: Int = 0, completed: Int64 = 0, uploaded: Int64 = 0
    ) {
        self.at = at
        self.seeders = seeders
        self.leechers = leechers
        self.partialSeeds = partialSeeds
        self.completed = completed
        self.uploaded = uploaded
    }
}
