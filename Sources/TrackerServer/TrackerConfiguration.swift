/// What a tracker is started with; nothing of it changes while it runs, but for the policy it begins with.
public struct TrackerConfiguration: Sendable {
    /// The addresses UDP is answered on, as literals; one socket each, IPv6 ones for IPv6 alone.
    public var hosts: [String]
    /// Into how many parts, each with a lock of its own, the swarms are spread, 1...1,024.
    public let shards: Int
    /// What holds at first; `Tracker.policy` changes it.
    public var policy: TrackerPolicy
    /// The key of the short names clients have in snapshots. Keep it with them, so that a client is known again after
    /// a restart; nobody else shall know it.
    public var tagSeed: UInt64
    /// Whether a torrent that nobody allowed is tracked when a client announces it, until its last peer is gone.
    public var isOpen: Bool
    /// How many such torrents there may be at once; further ones are refused.
    public let swarmLimit: Int
    /// How many threads answer UDP on each host, 1...64.
    public let workersPerHost: Int

    /// UDP on all addresses, for torrents that are allowed.
    public init(
        hosts: [String] = ["0.0.0.0", "::"], shards: Int = 32, policy: TrackerPolicy = TrackerPolicy(),
        tagSeed: UInt64 = .random(in: .min ... .max), isOpen: Bool = false, swarmLimit: Int = 100_000,
        workersPerHost: Int = 1
    ) {
        self.hosts = hosts
        self.shards = min(max(shards, 1), 1024)
        self.policy = policy
        self.tagSeed = tagSeed
        self.isOpen = isOpen
        self.swarmLimit = max(swarmLimit, 0)
        self.workersPerHost = min(max(workersPerHost, 1), 64)
    }
}
