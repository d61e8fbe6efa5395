/// What a tracker is started with; nothing of it changes while it runs.
public struct TrackerConfiguration: Sendable {
    /// The addresses UDP is answered on, as literals; one socket each, IPv6 ones for IPv6 alone.
    public var hosts: [String]
    /// Seconds between the announces of a peer. A peer that is silent for twice as long is gone.
    public var interval: Int
    /// Seconds before which a client shall not announce again.
    public var minimumInterval: Int
    /// How many peers an answer has when the client names no number.
    public var defaultPeersWanted: Int
    /// How many peers an answer has at most.
    public var maximumPeersWanted: Int
    /// How many addresses a swarm remembers per address family; beyond it the longest silent ones make room.
    public var peersPerSwarm: Int
    /// How many hashes one scrape may ask for; further ones are ignored.
    public var hashesPerScrape: Int
    /// Into how many parts, each with a lock of its own, the swarms are spread.
    public var shards: Int

    /// UDP on all addresses, announces every 15 minutes, 30 peers an answer.
    public init(
        hosts: [String] = ["0.0.0.0", "::"], interval: Int = 900, minimumInterval: Int = 60,
        defaultPeersWanted: Int = 30, maximumPeersWanted: Int = 50, peersPerSwarm: Int = 50_000,
        hashesPerScrape: Int = 74, shards: Int = 32
    ) {
        self.hosts = hosts
        // Ages are kept in 16 bits, so twice the interval has to stay well below 65,536 seconds.
        self.interval = min(max(interval, 10), 14_400)
        self.minimumInterval = min(max(minimumInterval, 1), self.interval)
        self.maximumPeersWanted = min(max(maximumPeersWanted, 1), 80)
        self.defaultPeersWanted = min(max(defaultPeersWanted, 0), self.maximumPeersWanted)
        self.peersPerSwarm = max(peersPerSwarm, 16)
        self.hashesPerScrape = min(max(hashesPerScrape, 1), 74)
        self.shards = min(max(shards, 1), 1024)
    }

    /// Seconds of silence after which a peer is gone.
    var lifetime: UInt16 { UInt16(clamping: 2 * interval) }
}
