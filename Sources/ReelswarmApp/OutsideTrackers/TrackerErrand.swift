import Metainfo
import TrackerClient
import TrackerWire

/// Something to be asked of an outside tracker.
enum TrackerErrand: Sendable {
    case announce(AnnounceErrand)
    case scrape(ScrapeErrand)
}

/// One announce of one torrent.
struct AnnounceErrand: Hashable, Sendable {
    let hash: InfoHash
    let tracker: TrackerAddress
    let event: AnnounceEvent
    /// What had been uploaded when the torrent was first announced.
    let uploadedBefore: UInt64
    /// What the tracker's last answer named so.
    let trackerID: [UInt8]?
    /// Which stay of the torrent it belongs to: one that was removed and came back is another.
    let stay: UInt64

    /// The farewell of the same torrent at the same tracker.
    var farewell: AnnounceErrand {
        AnnounceErrand(
            hash: hash, tracker: tracker, event: .stopped, uploadedBefore: uploadedBefore, trackerID: trackerID,
            stay: stay)
    }
}

/// The question for the counts of some torrents.
struct ScrapeErrand: Hashable, Sendable {
    let tracker: TrackerAddress
    let hashes: [InfoHash]
}
