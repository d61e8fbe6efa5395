public import TrackerWire

/// The trackers of one torrent in tiers (BEP 12), and which of them is to be asked when. Pure: time and chance come in.
///
/// Each tier is asked at its first tracker that works. Within a tier the order is random at first; a tracker that answers
/// moves to the front, one that fails is passed over until its back-off ends.
public struct AnnounceTiers: Sendable {
    private struct Entry {
        let tracker: TrackerAddress
        /// Not before this time.
        var next = Duration.zero
        var failures = 0
        /// It said `retry in never` (BEP 31).
        var isOver = false
    }

    private enum Act: Equatable {
        case none
        case booked(TrackerAddress, Duration)
        case asking(TrackerAddress)
    }

    private struct Tier {
        var entries: [Entry]
        /// Whether the first tracker answered last.
        var works = false
        var act = Act.none
    }

    private var tiers: [Tier]
    private let timing: AnnounceTiming

    /// Tiers in their order, each shuffled; empty ones are left out.
    public init(
        _ tiers: [[TrackerAddress]], timing: AnnounceTiming = AnnounceTiming(),
        using random: inout some RandomNumberGenerator
    ) {
        self.timing = timing
        self.tiers = tiers.filter { !$0.isEmpty }.map { tier in
            Tier(entries: tier.shuffled(using: &random).map { Entry(tracker: $0) })
        }
    }

    /// One tier of all trackers, in the order of their tiers, each of these shuffled: one is used at a time, and left
    /// only when it fails (BEP 27).
    public init(
        oneAtATime tiers: [[TrackerAddress]], timing: AnnounceTiming = AnnounceTiming(),
        using random: inout some RandomNumberGenerator
    ) {
        self.timing = timing
        let entries = tiers.flatMap { $0.shuffled(using: &random) }.map { Entry(tracker: $0) }
        self.tiers = entries.isEmpty ? [] : [Tier(entries: entries)]
    }

    /// All trackers, in the order in which they are tried.
    public var trackers: [TrackerAddress] { tiers.flatMap { $0.entries.map(\.tracker) } }

    /// The trackers of each tier, in the order in which they are tried.
    public var tierList: [[TrackerAddress]] { tiers.map { $0.entries.map(\.tracker) } }

    /// The trackers that answered last, one of each tier at most.
    public var working: [TrackerAddress] { tiers.compactMap { $0.works ? $0.entries.first?.tracker : nil } }

    /// The trackers to ask now, one of each tier at most. Each has to be answered by `ask`, `book` or `passOver`.
    public func due(at now: Duration) -> [TrackerAddress] {
        tiers.compactMap { tier in Self.candidate(tier).flatMap { $0.time <= now ? $0.tracker : nil } }
    }

    /// When something is due next; nil while nothing is, or everything is being asked.
    public var nextTime: Duration? { tiers.compactMap { Self.candidate($0)?.time }.min() }

    /// When a tracker will be asked, as far as that is known; nil when another of its tier is asked instead.
    public func time(of tracker: TrackerAddress) -> Duration? {
        guard let (tier, entry) = place(of: tracker), !tiers[tier].entries[entry].isOver else { return nil }
        if case .booked(let booked, let time) = tiers[tier].act { return booked == tracker ? time : nil }
        if tiers[tier].works, entry > 0 { return nil }
        return tiers[tier].entries[entry].next
    }

    /// Before which time a tracker is not asked, whether or not its tier uses another; nil when it does not want to be
    /// asked again, or is not among these.
    public func notBefore(of tracker: TrackerAddress) -> Duration? {
        guard let (tier, entry) = place(of: tracker), !tiers[tier].entries[entry].isOver else { return nil }
        return tiers[tier].entries[entry].next
    }

    /// A tracker that answered last is due at `time` already, if that is sooner. One that failed stays in its back-off.
    public mutating func hasten(_ tracker: TrackerAddress, to time: Duration) {
        guard let (tier, entry) = place(of: tracker), tiers[tier].works, entry == 0 else { return }
        tiers[tier].entries[entry].next = min(tiers[tier].entries[entry].next, time)
        if case .booked(tracker, let booked) = tiers[tier].act, booked > time { tiers[tier].act = .none }
    }

    /// The tracker is being asked; its tier waits for what comes of it.
    public mutating func ask(_ tracker: TrackerAddress) {
        guard let (tier, _) = place(of: tracker) else { return }
        tiers[tier].act = .asking(tracker)
    }

    /// The tracker will be asked at `time`; until then nothing of its tier is due.
    public mutating func book(_ tracker: TrackerAddress, at time: Duration) {
        guard let (tier, _) = place(of: tracker) else { return }
        tiers[tier].act = .booked(tracker, time)
    }

    /// Whether the tracker is booked.
    public func isBooked(_ tracker: TrackerAddress) -> Bool {
        guard let (tier, _) = place(of: tracker), case .booked(tracker, _) = tiers[tier].act else { return false }
        return true
    }

    /// The tracker is known to be out of order until `time`: the next one of its tier takes its place.
    public mutating func passOver(_ tracker: TrackerAddress, until time: Duration) {
        guard let (tier, entry) = place(of: tracker) else { return }
        tiers[tier].entries[entry].next = time
        rest(tier, entry)
    }

    /// The tracker has answered: it moves to the front of its tier and is due after its interval.
    public mutating func answered(_ tracker: TrackerAddress, at now: Duration, interval: UInt32, minimum: UInt32?) {
        guard let (tier, entry) = place(of: tracker) else { return }
        var moved = tiers[tier].entries.remove(at: entry)
        moved.next = now + timing.interval(interval, minimum: minimum)
        moved.failures = 0
        tiers[tier].entries.insert(moved, at: 0)
        tiers[tier].works = true
        tiers[tier].act = .none
    }

    /// The tracker has failed: it is left alone for as long as it says (BEP 31), else for its back-off.
    public mutating func failed(
        _ tracker: TrackerAddress, at now: Duration, retryIn: TrackerFailure.Retry? = nil,
        using random: inout some RandomNumberGenerator
    ) {
        guard let (tier, entry) = place(of: tracker) else { return }
        tiers[tier].entries[entry].failures += 1
        let backOff = timing.backOff(failures: tiers[tier].entries[entry].failures, using: &random)
        switch retryIn {
        case .never: tiers[tier].entries[entry].isOver = true
        case .minutes(let minutes): tiers[tier].entries[entry].next = now + max(.seconds(60) * minutes, backOff)
        case nil: tiers[tier].entries[entry].next = now + backOff
        }
        rest(tier, entry)
    }

    /// Other tiers instead of these; trackers that stay keep what is known of them.
    public mutating func replace(with new: [[TrackerAddress]], using random: inout some RandomNumberGenerator) {
        var known: [TrackerAddress: (entry: Entry, works: Bool)] = [:]
        for tier in tiers {
            for (index, entry) in tier.entries.enumerated() { known[entry.tracker] = (entry, tier.works && index == 0) }
        }
        let acts = tiers.map(\.act)
        var replaced = AnnounceTiers(new, timing: timing, using: &random)
        for index in replaced.tiers.indices {
            var entries = replaced.tiers[index].entries.map { known[$0.tracker]?.entry ?? $0 }
            if let front = entries.firstIndex(where: { known[$0.tracker]?.works == true }) {
                entries.insert(entries.remove(at: front), at: 0)
                replaced.tiers[index].works = true
            }
            replaced.tiers[index].entries = entries
            let trackers = entries.map(\.tracker)
            let kept = acts.first { act in
                switch act {
                case .none: false
                case .booked(let tracker, _), .asking(let tracker): trackers.contains(tracker)
                }
            }
            replaced.tiers[index].act = kept ?? .none
        }
        self = replaced
    }

    private mutating func rest(_ tier: Int, _ entry: Int) {
        if entry == 0 { tiers[tier].works = false }
        tiers[tier].act = .none
    }

    private func place(of tracker: TrackerAddress) -> (tier: Int, entry: Int)? {
        for (tier, content) in tiers.enumerated() {
            if let entry = content.entries.firstIndex(where: { $0.tracker == tracker }) { return (tier, entry) }
        }
        return nil
    }

    /// What a tier asks next and when: the tracker that works at its time, else the one whose time comes first, of equal
    /// ones the first in the tier.
    private static func candidate(_ tier: Tier) -> (tracker: TrackerAddress, time: Duration)? {
        switch tier.act {
        case .asking: return nil
        case .booked(let tracker, let time): return (tracker, time)
        case .none: break
        }
        let open = tier.entries.filter { !$0.isOver }
        if tier.works, let first = open.first { return (first.tracker, first.next) }
        return open.min { $0.next < $1.next }.map { ($0.tracker, $0.next) }
    }
}
