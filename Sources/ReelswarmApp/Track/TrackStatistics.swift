/// What `/stats` and `/stats.json` tell: sums and sizes, never a hash or an address.
struct TrackStatistics: Encodable, Equatable, Sendable {
    /// Announces over one transport.
    struct Announces: Encodable, Equatable, Sendable {
        var answered: Int
        var refused: Int
        var perSecond: Double
    }

    /// The counts of one swarm.
    struct Swarm: Encodable, Equatable, Sendable {
        var seeders: Int
        var leechers: Int
        var partialSeeds: Int
    }

    /// The program's version.
    var version: String
    /// Seconds since the start.
    var uptime: Int
    /// Torrents that are tracked.
    var torrents: Int
    var seeders: Int
    var leechers: Int
    var partialSeeds: Int
    /// Addresses in all swarms; a client with IPv4 and IPv6 has two.
    var addresses: Int
    var udp: Announces
    var http: Announces
    /// Scrapes answered over both transports.
    var scrapes: Int
    /// Bytes of memory the process holds.
    var memory: Int
    /// The largest swarms, largest first, without their names.
    var largestSwarms: [Swarm]
    /// Seconds between two announces of a client.
    var interval: Int
}
