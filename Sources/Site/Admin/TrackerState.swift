/// How one configured announce URL does.
public struct TrackerState: Sendable, Equatable {
    /// The announce URL.
    public var url: String
    /// Whether it is this site's own tracker, which needs no announce of ours.
    public var isOurs: Bool
    /// How many of our torrents are announced there now.
    public var torrents: Int
    /// Seconds since it last answered well; nil: never since the start.
    public var lastSuccess: Int?
    /// Seconds since it last failed; nil: never since the start.
    public var lastFailure: Int?
    /// Why it last failed: its own words where it gave some; text from outside.
    public var problem: String?
    /// Seconds until it is asked again; nil when that is not planned.
    public var nextAttempt: Int?

    /// The state of one URL; a fresh one, unless told otherwise.
    public init(
        url: String, isOurs: Bool = false, torrents: Int = 0, lastSuccess: Int? = nil, lastFailure: Int? = nil,
        problem: String? = nil, nextAttempt: Int? = nil
    ) {
        self.url = url
        self.isOurs = isOurs
        self.torrents = torrents
        self.lastSuccess = lastSuccess
        self.lastFailure = lastFailure
        self.problem = problem
        self.nextAttempt = nextAttempt
    }
}
