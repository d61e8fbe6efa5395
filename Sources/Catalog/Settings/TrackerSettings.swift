/// The settings of the site's own tracker; checked where they are changed, by `SettingsChanges`.
public struct TrackerSettings: Equatable, Sendable {
    /// The names of the settings in forms, JSON and the database.
    public enum Field: String, CaseIterable, Sendable {
        /// `interval`
        case interval = "tracker_interval"
        /// `minimumInterval`
        case minimumInterval = "tracker_minimum_interval"
        /// `peersPerAnswer`
        case peersPerAnswer = "tracker_peers"
        /// `maximumPeersPerAnswer`
        case maximumPeersPerAnswer = "tracker_maximum_peers"
        /// `peersPerSwarm`
        case peersPerSwarm = "tracker_swarm_limit"
        /// `peersPerAddress`
        case peersPerAddress = "tracker_address_limit"
        /// `handOut`
        case handOut = "tracker_hand_out"
        /// `logsAnnounces`
        case logsAnnounces = "tracker_log"
    }

    /// Seconds between the announces of a peer, 10...14,400. A peer that is silent for twice as long is gone.
    public var interval: Int
    /// Seconds before which a client shall not announce again, 1...`interval`.
    public var minimumInterval: Int
    /// Peers in an answer when the client names no number, 0...`maximumPeersPerAnswer`.
    public var peersPerAnswer: Int
    /// Peers in an answer at most, 1...80.
    public var maximumPeersPerAnswer: Int
    /// Addresses a swarm remembers per address family, 16...1,000,000.
    public var peersPerSwarm: Int
    /// Entries one address may have in one swarm, 0...10,000; 0 is no limit.
    public var peersPerAddress: Int
    /// Who is handed out.
    public var handOut: HandOutChoice
    /// Whether the latest announces are kept in memory for the admin pages.
    public var logsAnnounces: Bool

    /// Makes settings; without arguments those of a new site.
    public init(
        interval: Int = 900, minimumInterval: Int = 60, peersPerAnswer: Int = 30, maximumPeersPerAnswer: Int = 50,
        peersPerSwarm: Int = 50_000, peersPerAddress: Int = 64, handOut: HandOutChoice = .mixed,
        logsAnnounces: Bool = true
    ) {
        self.interval = interval
        self.minimumInterval = minimumInterval
        self.peersPerAnswer = peersPerAnswer
        self.maximumPeersPerAnswer = maximumPeersPerAnswer
        self.peersPerSwarm = peersPerSwarm
        self.peersPerAddress = peersPerAddress
        self.handOut = handOut
        self.logsAnnounces = logsAnnounces
    }
}
