/// Which peers of one torrent may download from us: a pure rule without clock or sockets.
///
/// A seeder cannot repay uploads, so it favours those who take fastest and so spread the film soonest. Every ten
/// seconds the slots are dealt anew; some are optimistic and go to whoever waits longest, a new one every thirty
/// seconds, so that each peer gets its turn (BEP 3, "Choking and Optimistic Unchoking").
struct Choker: Sendable {
    /// What the choker has to know of a peer.
    struct Candidate: Sendable {
        let id: PeerNumber
        let isInterested: Bool
        /// Bytes a second sent to it in the last round.
        let rate: Double
        /// When it was last choked or unchoked.
        let since: ContinuousClock.Instant
        let isUnchoked: Bool
    }

    /// How often the slots are dealt anew.
    static let round: Duration = .seconds(10)
    /// How long an optimistic slot is kept.
    static let optimisticTurn: Duration = .seconds(30)

    private let slots: Int
    private let optimisticSlots: Int
    private var optimistic: Set<PeerNumber> = []
    private var lastTurn: ContinuousClock.Instant?

    /// - Parameters:
    ///   - slots: Peers unchoked at one time, 0 or more.
    ///   - optimisticSlots: How many of these go by turns.
    init(slots: Int, optimisticSlots: Int) {
        self.slots = max(0, slots)
        self.optimisticSlots = min(max(0, optimisticSlots), self.slots)
    }

    /// Deals all slots anew. Returns the peers that are unchoked from now on; all others are choked.
    mutating func deal(_ candidates: [Candidate], now: ContinuousClock.Instant) -> Set<PeerNumber> {
        let interested = candidates.filter(\.isInterested)
        optimistic.formIntersection(interested.map(\.id))
        guard interested.count > slots else { return Set(interested.map(\.id)) }
        turnOptimisticSlots(interested, now: now)
        let regular = interested.filter { !optimistic.contains($0.id) }
            .sorted { Self.precedes($0, $1, now: now) }
            .prefix(slots - optimistic.count)
        return optimistic.union(regular.map(\.id))
    }

    /// Gives free slots to those who wait longest and takes none away: for the time between two deals.
    mutating func fillFreeSlots(_ candidates: [Candidate]) -> Set<PeerNumber> {
        let interested = candidates.filter(\.isInterested)
        var chosen = Set(interested.filter(\.isUnchoked).map(\.id))
        optimistic.formIntersection(chosen)
        guard chosen.count < slots else { return chosen }
        let waiting = interested.filter { !$0.isUnchoked }.sorted(by: Self.waitsLonger)
        chosen.formUnion(waiting.prefix(slots - chosen.count).map(\.id))
        return chosen
    }

    private mutating func turnOptimisticSlots(_ interested: [Candidate], now: ContinuousClock.Instant) {
        if let lastTurn, now - lastTurn < Self.optimisticTurn, optimistic.count == optimisticSlots { return }
        lastTurn = now
        let waiting = interested.filter { !$0.isUnchoked }.sorted(by: Self.waitsLonger).prefix(optimisticSlots)
        // Those whose turn ends compete by their rate like all others.
        optimistic = Set(waiting.map(\.id)).union(optimistic.prefix(optimisticSlots - waiting.count))
    }

    /// Fast takers first; then those just unchoked, who could not show a rate yet; then those who wait; last those who
    /// hold a slot without using it.
    private static func precedes(_ left: Candidate, _ right: Candidate, now: ContinuousClock.Instant) -> Bool {
        func rank(_ peer: Candidate) -> Int {
            if peer.isUnchoked, peer.rate > 0 { return 0 }
            if peer.isUnchoked, now - peer.since < round { return 1 }
            return peer.isUnchoked ? 3 : 2
        }
        let (leftRank, rightRank) = (rank(left), rank(right))
        if leftRank != rightRank { return leftRank < rightRank }
        if leftRank == 0, left.rate != right.rate { return left.rate > right.rate }
        return waitsLonger(left, right)
    }

    private static func waitsLonger(_ left: Candidate, _ right: Candidate) -> Bool {
        left.since != right.since ? left.since < right.since : left.id < right.id
    }
}
