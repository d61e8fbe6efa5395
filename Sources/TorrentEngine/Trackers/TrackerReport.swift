import Metainfo
import TrackerWire

/// What happened at a tracker, for status lines and logs.
struct TrackerReport: Sendable, Equatable {
    /// What happened.
    enum News: Sendable, Equatable {
        /// It is being told of this event.
        case asking(AnnounceEvent)
        /// It answered.
        case answered(TrackerCounts)
        /// It refused or was not reached. The words are one printable line; it is asked again after `retryIn`, never
        /// when that is nil.
        case failed(words: String, retryIn: Duration?)
        /// The peers of a private torrent come from another tracker from now on: all connections have to be dropped
        /// (BEP 27).
        case switched
    }

    /// The announce URL as the torrent has it.
    var url: String
    /// The hash under which it was asked.
    var hash: InfoHash
    /// What happened.
    var news: News
}

/// What a tracker said of a swarm.
struct TrackerCounts: Sendable, Equatable {
    /// How many clients have everything.
    var seeders: UInt32
    /// How many do not.
    var leechers: UInt32
    /// How many addresses it named.
    var peers: Int
    /// The time until it is asked again.
    var next: Duration
    /// A sentence of the tracker for the user.
    var warning: String?
}

extension TrackerReport: CustomStringConvertible {
    /// A sentence without a full stop, such as `tracker udp://t.example:6969/announce: 3 seeds, 5 leechers, 8 peers`.
    var description: String {
        switch news {
        case .asking(.none): "tracker \(url): asked for peers"
        case .asking(let event): "tracker \(url): told `\(event.rawValue)`"
        case .answered(let counts):
            "tracker \(url): \(counts.seeders) seeds, \(counts.leechers) leechers, \(counts.peers) peers"
                + (counts.warning.map { "; it warns: \($0)" } ?? "")
        case .failed(let words, .some(let time)): "tracker \(url): \(words) (again in \(time.components.seconds) s)"
        case .failed(let words, nil): "tracker \(url): \(words) (not asked again)"
        case .switched: "tracker \(url) is used from now on; peers of the former one are dropped"
        }
    }
}
