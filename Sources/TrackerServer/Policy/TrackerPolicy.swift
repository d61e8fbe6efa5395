/// What may change while a tracker runs.
public struct TrackerPolicy: Hashable, Sendable {
    /// Seconds between the announces of a peer, 10...14,400. A peer that is silent for twice as long is gone.
    public var interval: Int
    /// Seconds before which a client shall not announce again, 1...`interval`.
    public var minimumInterval: Int
    /// How many peers an answer has when the client names no number, 0...`maximumPeersWanted`.
    public var defaultPeersWanted: Int
    /// How many peers an answer has at most, 1...80.
    public var maximumPeersWanted: Int
    /// How many addresses a swarm remembers per address family, 16...1,000,000; beyond it the longest silent ones make
    /// room.
    public var peersPerSwarm: Int
    /// How many ports of one address (of one /64 for IPv6) a swarm remembers, up to 10,000; beyond it the longest silent
    /// one makes room. 0 sets no limit; loopback addresses have none.
    public var peersPerAddress: Int
    /// How many hashes one scrape may ask for, 1...74; further ones are ignored.
    public var hashesPerScrape: Int
    /// By what a leecher's peers are chosen.
    public var handOut: HandOutRule
    /// Whether the latest announces are kept for an operator to look at.
    public var logsAnnounces: Bool

    /// Announces every 15 minutes, 30 peers an answer. What is out of range is brought to the nearest value that is not.
    public init(
        interval: Int = 900, minimumInterval: Int = 60, defaultPeersWanted: Int = 30, maximumPeersWanted: Int = 50,
        peersPerSwarm: Int = 50_000, peersPerAddress: Int = 64, hashesPerScrape: Int = 74,
        handOut: HandOutRule = .mixed, logsAnnounces: Bool = true
    ) {
        // Ages are kept in 16 bits, so twice the interval has to stay well below 65,536 seconds.
        self.interval = min(max(interval, 10), 14_400)
        self.minimumInterval = min(max(minimumInterval, 1), self.interval)
        self.maximumPeersWanted = min(max(maximumPeersWanted, 1), 80)
        self.defaultPeersWanted = min(max(defaultPeersWanted, 0), self.maximumPeersWanted)
        // Places in a table are kept in 20 bits.
        self.peersPerSwarm = min(max(peersPerSwarm, 16), 1_000_000)
        self.peersPerAddress = min(max(peersPerAddress, 0), 10_000)
        self.hashesPerScrape = min(max(hashesPerScrape, 1), 74)
        self.handOut = handOut
        self.logsAnnounces = logsAnnounces
    }

    /// The policy with everything brought into its range, for one that was changed after it was made.
    var inRange: TrackerPolicy {
        TrackerPolicy(
            interval: interval, minimumInterval: minimumInterval, defaultPeersWanted: defaultPeersWanted,
            maximumPeersWanted: maximumPeersWanted, peersPerSwarm: peersPerSwarm, peersPerAddress: peersPerAddress,
            hashesPerScrape: hashesPerScrape, handOut: handOut, logsAnnounces: logsAnnounces)
    }
}
