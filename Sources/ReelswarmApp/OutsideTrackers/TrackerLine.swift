import Metainfo
import TrackerClient

/// What is known of one outside tracker, whichever torrents are announced there.
struct TrackerLine {
    /// Exchanges under way.
    var inFlight = 0
    /// Failures in a row of the tracker as a whole.
    var failures = 0
    /// Until when it is left alone after failures.
    var restUntil = Duration.zero
    /// When the next announce may go out.
    var nextSlot = Duration.zero
    var lastSuccess: Duration?
    var lastFailure: Duration?
    /// Why its last announce failed, in words for people; nil once it has answered one well.
    var problem: String?
    /// Why its counts could not be read; announces may work all the same.
    var scrapeProblem: String?
    var reading = Reading()

    /// Where reading the counts has got to.
    struct Reading {
        /// When the next request goes out; nil while no torrent works there.
        var next: Duration?
        /// What is left of this round.
        var rest: [[InfoHash]] = []
        /// Time between the requests of this round.
        var gap = Duration.zero
        /// The least time between two rounds that the tracker asked for.
        var minimum = Duration.zero
        var failures = 0
        var isAsking = false
    }
}
