import Metainfo
import TrackerClient

/// What is known of one seeded torrent at the outside trackers.
struct SharedTorrent {
    /// What a tracker said of it last.
    struct Counts: Hashable {
        var seeders: Int
        var leechers: Int
        var completed: Int?
        var readAt: Duration

        func saysTheSame(as other: Counts?) -> Bool {
            guard let other else { return false }
            return (seeders, leechers, completed) == (other.seeders, other.leechers, other.completed)
        }
    }

    var tiers: AnnounceTiers
    /// Trackers that it came with, whether or not they are configured too.
    var others: [[TrackerAddress]] = []
    let uploadedBefore: UInt64
    let stay: UInt64
    /// The time at which it stands in the queue.
    var queuedFor: Duration?
    /// Trackers that may know of us: `started` was sent there, and perhaps arrived.
    var joined: Set<TrackerAddress> = []
    /// Those that have answered it.
    var accepted: Set<TrackerAddress> = []
    var trackerIDs: [TrackerAddress: [UInt8]] = [:]
    var counts: [TrackerAddress: Counts] = [:]
    var problems: [TrackerAddress: String] = [:]
}
