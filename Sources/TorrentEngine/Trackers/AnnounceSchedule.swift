import Metainfo
import TrackerClient
import TrackerWire

/// Which tracker of a torrent is told what, and when. Pure: time and chance come in.
///
/// The torrent is announced under each of its hashes (BEP 52), at one tracker of each tier (BEP 12), and where it is
/// private at one tracker altogether (BEP 27).
struct AnnounceSchedule: Sendable {
    /// One announce to make.
    struct Errand: Hashable, Sendable {
        let hash: InfoHash
        let tracker: TrackerAddress
        let event: AnnounceEvent
        /// What the tracker gave us to send back.
        let trackerID: [UInt8]?
    }

    /// What one tracker knows of us under one hash.
    struct Acquaintance: Sendable {
        /// Whether it was sent an announce, and so may hold us.
        var mayHoldUs = false
        /// Whether it has answered one.
        var hasAccepted = false
        /// Whether it has to hear that the download is whole.
        var owesCompleted = false
        /// Whether it has to hear that we have become a partial seed.
        var owesPaused = false
        /// Whether it has heard so out of turn, which it does once.
        var heardPaused = false
        var trackerID: [UInt8]?
        /// Not asked before this time, by its own wish.
        var notBefore = Duration.zero
    }

    struct Swarm: Sendable {
        var tiers: AnnounceTiers
        var known: [TrackerAddress: Acquaintance] = [:]
        /// The tracker whose peers are in use.
        var current: TrackerAddress?
    }

    /// The most trackers that are looked at.
    static let maximumTrackers = 64
    let hashes: [InfoHash]
    let isPrivate: Bool
    let timing: AnnounceTiming
    var swarms: [InfoHash: Swarm] = [:]
    var random: SplitRandom

    /// - Parameters:
    ///   - hashes: of the swarms to join; repetitions are left out.
    ///   - urls: announce URLs in tiers; those that cannot be read are left out.
    init(hashes: [InfoHash], urls: [[String]], isPrivate: Bool, timing: AnnounceTiming = AnnounceTiming(), seed: UInt64)
    {
        self.hashes = hashes.enumerated().filter { hashes.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        self.isPrivate = isPrivate
        self.timing = timing
        random = SplitRandom(state: seed)
        let tiers = Self.addresses(urls)
        for hash in self.hashes { swarms[hash] = Swarm(tiers: makeTiers(tiers)) }
    }

    /// All trackers, in the order in which they are tried.
    var trackers: [TrackerAddress] { hashes.first.flatMap { swarms[$0]?.tiers.trackers } ?? [] }

    /// When `due` has to be called again at the latest; nil while only an answer can make something due.
    var nextTime: Duration? { swarms.values.compactMap(\.tiers.nextTime).min() }

    /// The announces to make now; each has to be followed by `answered` or `failed`.
    mutating func due(at now: Duration) -> [Errand] {
        var errands: [Errand] = []
        for hash in hashes {
            guard var swarm = swarms[hash] else { continue }
            for tracker in swarm.tiers.due(at: now) {
                var known = swarm.known[tracker] ?? Acquaintance()
                let event: AnnounceEvent =
                    known.owesCompleted ? .completed : known.hasAccepted ? .none : .started
                known.mayHoldUs = true
                if event == .none { known.owesPaused = false }
                swarm.known[tracker] = known
                swarm.tiers.ask(tracker)
                errands.append(Errand(hash: hash, tracker: tracker, event: event, trackerID: known.trackerID))
            }
            swarms[hash] = swarm
        }
        return errands
    }

    /// An announce was answered. Returns whether the torrent is private and its peers come from another tracker now.
    mutating func answered(_ errand: Errand, interval: UInt32, minimum: UInt32?, trackerID: [UInt8]?, now: Duration)
        -> Bool
    {
        guard var swarm = swarms[errand.hash] else { return false }
        var known = swarm.known[errand.tracker] ?? Acquaintance()
        known.hasAccepted = true
        known.trackerID = trackerID ?? known.trackerID
        known.notBefore = now + max(.seconds(Int64(minimum ?? 0)), timing.shortestInterval)
        if errand.event == .completed { known.owesCompleted = false }
        swarm.tiers.answered(errand.tracker, at: now, interval: interval, minimum: minimum)
        // The download became whole, or all that is wanted of it came, while the answer was on its way.
        if known.owesCompleted || known.owesPaused { swarm.tiers.hasten(errand.tracker, to: now) }
        swarm.known[errand.tracker] = known
        let isSwitch = isPrivate && swarm.current != nil && swarm.current != errand.tracker
        swarm.current = errand.tracker
        swarms[errand.hash] = swarm
        return isSwitch
    }

    /// An announce failed. Returns when the tracker may be asked again; nil when it does not want to be, ever.
    mutating func failed(_ errand: Errand, _ error: TrackerClientError, now: Duration) -> Duration? {
        guard var swarm = swarms[errand.hash] else { return nil }
        var retryIn: TrackerFailure.Retry?
        if case .refused(_, let retry) = error { retryIn = retry }
        swarm.tiers.failed(errand.tracker, at: now, retryIn: retryIn, using: &random)
        // Never connected to, or refused: it cannot hold us, unless it has accepted us before.
        if case .refused = error, swarm.known[errand.tracker]?.hasAccepted != true {
            swarm.known[errand.tracker]?.mayHoldUs = false
        }
        if case .forbidden = error { swarm.known[errand.tracker]?.mayHoldUs = false }
        swarms[errand.hash] = swarm
        if case .never = retryIn { return nil }
        return swarm.tiers.notBefore(of: errand.tracker).map { max($0 - now, .zero) }
    }
}
