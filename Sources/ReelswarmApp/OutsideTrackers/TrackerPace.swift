/// How many exchanges with outside trackers may go on, and how often their counts are read.
struct TrackerPace: Hashable, Sendable {
    /// Exchanges with one tracker at a time.
    var inFlight = 8
    /// Announces to one tracker per second.
    var announcesPerSecond = 50
    /// Time between two readings of a tracker's counts, when they fit into a few requests.
    var shortestReading = Duration.seconds(60)
    /// The same when they take many.
    var longestReading = Duration.seconds(300)
    /// How long the farewells may take when the program stops.
    var farewell = Duration.seconds(3)
    /// How many peers a tracker is asked for.
    var peersWanted = 50

    /// The time between two announces to one tracker.
    var announceGap: Duration { .seconds(1) / max(1, announcesPerSecond) }

    /// The time between two readings that take so many requests each.
    func reading(requests: Int) -> Duration {
        min(max(shortestReading, .seconds(6) * max(0, requests)), longestReading)
    }
}
