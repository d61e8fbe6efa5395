/// What an outside tracker said of one swarm, and when.
public struct TrackerReport: Sendable, Equatable {
    /// Its announce URL, as configured.
    public var url: String
    /// Clients that hold the whole film; nil before it has ever answered.
    public var seeders: Int?
    /// Clients that are fetching; nil before it has ever answered.
    public var leechers: Int?
    /// Finished downloads ever; nil where it does not tell.
    public var completed: Int?
    /// Seconds since those counts were read; nil before it has ever answered.
    public var age: Int?
    /// Why the last attempt failed, in the tracker's own words where it had some; nil after a success. Text from outside.
    public var problem: String?
    /// Seconds until it is asked again; nil when nothing is planned.
    public var nextAttempt: Int?

    /// A report; of a tracker that was not asked yet unless told otherwise.
    public init(
        url: String, seeders: Int? = nil, leechers: Int? = nil, completed: Int? = nil, age: Int? = nil,
        problem: String? = nil, nextAttempt: Int? = nil
    ) {
        self.url = url
        self.seeders = seeders
        self.leechers = leechers
        self.completed = completed
        self.age = age
        self.problem = problem
        self.nextAttempt = nextAttempt
    }
}
