public import Metainfo

/// What a swarm is like at this moment; it holds until the next sample of the same torrent.
public struct HistorySample: Hashable, Sendable {
    /// The torrent; nil for all torrents together.
    public var hash: InfoHash?
    /// Clients that have everything, this server included.
    public var seeders: Int
    /// Clients that are downloading.
    public var leechers: Int
    /// Clients that want no more than the part they have (BEP 21).
    public var partialSeeds: Int
    /// Completed downloads, ever.
    public var completed: UInt64
    /// Bytes our seeder has sent since the previous sample.
    public var uploaded: UInt64

    /// Makes a sample from its parts.
    public init(
        hash: InfoHash?, seeders: Int = 0, leechers: Int = 0, partialSeeds: Int = 0, completed: UInt64 = 0,
        uploaded: UInt64 = 0
    ) {
        self.hash = hash
        self.seeders = seeders
        self.leechers = leechers
        self.partialSeeds = partialSeeds
        self.completed = completed
        self.uploaded = uploaded
    }
}
