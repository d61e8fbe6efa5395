/// What pages say of one swarm: the fullest view there is of it, who has it, and how old it is.
struct SwarmReading: Sendable, Equatable {
    /// Who counted.
    enum Source: String, Sendable, Encodable { case embedded, outside }

    /// Counts older than this, in seconds, do not outdo our own tracker's.
    static let freshFor = 2 * 3600

    /// The counts to show.
    let counts: SwarmCounts
    /// Our own tracker or an outside one.
    let source: Source
    /// Seconds since an outside tracker gave the counts; nil for our own's, and before the first answer.
    let age: Int?
    /// Whether our own tracker is among those of the torrent.
    let usesOwn: Bool
    /// The outside trackers.
    let trackers: [TrackerReport]

    /// Whether anyone has counted yet.
    var isKnown: Bool { source == .embedded || age != nil }

    /// Chooses among our tracker's counts and those of outside trackers.
    ///
    /// Of several trackers each sees its own part of a swarm, so the one that sees most is nearest to the truth; sums
    /// would count a client once for every tracker it knows.
    init(own: SwarmCounts, usesOwn: Bool, trackers: [TrackerReport]) {
        self.usesOwn = usesOwn
        self.trackers = trackers
        let report = Self.best(own, usesOwn, trackers)
        guard !usesOwn || report != nil else {
            counts = own
            source = .embedded
            age = nil
            return
        }
        counts = Self.counts(own, report, usesOwn)
        source = .outside
        age = report?.age.map { max($0, 0) }
    }

    /// The report that is fuller than our own counts; without our own tracker the fullest, or the youngest of old ones.
    private static func best(_ own: SwarmCounts, _ usesOwn: Bool, _ trackers: [TrackerReport]) -> TrackerReport? {
        let read = trackers.filter { $0.age != nil }
        let fullest = read.filter { ($0.age ?? .max) <= freshFor }.max { size($0) < size($1) }
        guard usesOwn else { return fullest ?? read.min { ($0.age ?? .max) < ($1.age ?? .max) } }
        return fullest.flatMap { size($0) > clamped(own.seeders) + clamped(own.leechers) ? $0 : nil }
    }

    private static func counts(_ own: SwarmCounts, _ report: TrackerReport?, _ usesOwn: Bool) -> SwarmCounts {
        SwarmCounts(
            seeders: max(report?.seeders ?? 0, own.serverSeeding ? 1 : 0), leechers: max(report?.leechers ?? 0, 0),
            // Finished downloads are counted for ever, by both.
            completed: max(report?.completed ?? 0, own.completed), partialSeeds: usesOwn ? own.partialSeeds : 0,
            serverSeeding: own.serverSeeding)
    }

    private static func size(_ report: TrackerReport) -> Int {
        clamped(report.seeders ?? 0) + clamped(report.leechers ?? 0)
    }

    /// Outside numbers, bounded so that sums of them stay numbers.
    private static func clamped(_ count: Int) -> Int { min(max(count, 0), 1 << 40) }
}
