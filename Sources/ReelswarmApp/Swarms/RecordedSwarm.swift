import Store
import TrackerServer

/// What the history's last row about a swarm says, and what speaks for another one.
struct RecordedSwarm {
    /// The counts of the last row.
    private(set) var sample: HistorySample
    /// Whether anyone but this server was in the swarm then.
    private(set) var hasOthers: Bool
    /// When that was; nil where an earlier run of the server wrote it.
    private(set) var at: ContinuousClock.Instant?

    init(_ sample: HistorySample, hasOthers: Bool, at: ContinuousClock.Instant?) {
        var sample = sample
        sample.uploaded = 0
        self.sample = sample
        self.hasOthers = hasOthers
        self.at = at
    }

    /// Whether a row with the same counts and no bytes would say nothing new.
    func says(_ new: HistorySample) -> Bool { new == sample }

    /// Whether the swarm may have another row: when the last one is old enough, and at once when somebody comes to a
    /// torrent that only this server had.
    func isDue(at now: ContinuousClock.Instant, every interval: Duration, hasOthers: Bool) -> Bool {
        guard let at else { return true }
        return now - at >= interval || (hasOthers && !self.hasOthers)
    }
}

extension TrackerServer.SwarmCounts {
    /// Whether anyone but this server's own seeder is there.
    var hasOthers: Bool { seeders - (serverSeeding ? 1 : 0) + leechers + partialSeeds > 0 }
}
