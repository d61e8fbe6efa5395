import Metainfo
import TrackerClient
import TrackerWire

/// Who is announced where and when: all the rules of announcing to outside trackers, without clock or network.
///
/// A tracker that does not answer at all is left alone for all torrents together; a refusal concerns its torrent. Each
/// tracker gets a bounded number of exchanges at a time and of announces per second, so that ten thousand torrents come
/// to it one by one.
struct AnnounceBoard {
    let pace: TrackerPace
    let timing: AnnounceTiming
    private(set) var tiers: [[TrackerAddress]] = []
    /// How many torrents came with a tracker.
    var uses: [TrackerAddress: Int] = [:]
    var torrents: [InfoHash: SharedTorrent] = [:]
    var lines: [TrackerAddress: TrackerLine] = [:]
    var queue = DueQueue()
    var farewells: [AnnounceErrand] = []
    private var stays: UInt64 = 0
    var random: SeededRandom

    init(pace: TrackerPace = TrackerPace(), timing: AnnounceTiming = AnnounceTiming(), seed: UInt64) {
        self.pace = pace
        self.timing = timing
        random = SeededRandom(state: seed)
    }

    // MARK: - What is announced where

    /// A torrent is seeded from now on, and announced to the `others` that it came with besides those of the settings.
    /// One that is known stays as it is, but for these.
    mutating func add(_ hash: InfoHash, uploaded: UInt64, others: [[TrackerAddress]] = [], now: Duration) {
        guard torrents[hash] == nil else { return setOthers(others, of: hash) }
        stays += 1
        torrents[hash] = SharedTorrent(
            tiers: AnnounceTiers(tiers(with: others), timing: timing, using: &random), others: others,
            uploadedBefore: uploaded, stay: stays)
        retain(others)
        enqueue(hash)
    }

    /// A torrent is seeded no more: the trackers that know of it are told.
    mutating func remove(_ hash: InfoHash) {
        guard let torrent = torrents.removeValue(forKey: hash) else { return }
        for tracker in torrent.joined { farewells.append(Self.farewell(hash, torrent, tracker)) }
        release(torrent.others)
    }

    /// Other trackers from now on: new ones are announced to, those that went are told.
    mutating func set(_ tiers: [[TrackerAddress]], now: Duration) {
        guard tiers != self.tiers else { return }
        self.tiers = tiers
        for hash in Array(torrents.keys) { assignTiers(to: hash) }
        // A tracker that still has exchanges under way is kept until they are over.
        lines = lines.filter { isUsed($0.key) || $0.value.inFlight > 0 }
        for tracker in tiers.joined() where lines[tracker] == nil { lines[tracker] = TrackerLine() }
    }

    /// Gives a torrent the tiers that it is to have now.
    mutating func assignTiers(to hash: InfoHash) {
        guard var torrent = torrents[hash] else { return }
        let tiers = tiers(with: torrent.others)
        let kept = Set(tiers.joined())
        for tracker in torrent.joined.subtracting(kept) { farewells.append(Self.farewell(hash, torrent, tracker)) }
        torrent.joined.formIntersection(kept)
        torrent.accepted.formIntersection(kept)
        torrent.trackerIDs = torrent.trackerIDs.filter { kept.contains($0.key) }
        torrent.counts = torrent.counts.filter { kept.contains($0.key) }
        torrent.problems = torrent.problems.filter { kept.contains($0.key) }
        torrent.tiers.replace(with: tiers, using: &random)
        torrent.queuedFor = nil
        torrents[hash] = torrent
        enqueue(hash)
    }

    mutating func enqueue(_ hash: InfoHash) {
        guard let time = torrents[hash]?.tiers.nextTime, torrents[hash]?.queuedFor != time else { return }
        torrents[hash]?.queuedFor = time
        queue.insert(hash, at: time)
    }

    static func farewell(
        _ hash: InfoHash, _ torrent: SharedTorrent, _ tracker: TrackerAddress
    ) -> AnnounceErrand {
        AnnounceErrand(
            hash: hash, tracker: tracker, event: .stopped, uploadedBefore: torrent.uploadedBefore,
            trackerID: torrent.trackerIDs[tracker], stay: torrent.stay)
    }
}
