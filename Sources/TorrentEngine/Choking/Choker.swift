/// Which peers of one torrent may download from us: a pure rule without clock or sockets.
///
/// Every ten seconds the slots are dealt anew; some are optimistic and go to others by turns, a new one every thirty
/// seconds, so that each peer gets its turn (BEP 3, "Choking and Optimistic Unchoking").
///
/// A seeder cannot be repaid, so it favours those who take fastest. A downloader favours those who give it most; who
/// gives nothing, or has stopped giving while we wait (a snub), is served by turns only, and slots that nobody has
/// earned all go by turns, so that we find new partners when the old ones fail us.
struct Choker: Sendable {
    /// How often the slots are dealt anew.
    static let round: Duration = .seconds(10)
    /// How long an optimistic slot is kept.
    static let optimisticTurn: Duration = .seconds(30)
    /// A peer is new for so long: it has nothing to give yet, and a first piece makes it a partner.
    static let newness: Duration = .seconds(60)
    /// How much likelier than others a new peer gets an optimistic slot of a downloader (BEP 3).
    static let newnessWeight = 3

    /// Whom it favours; may change at any time.
    var mode: Mode
    private(set) var slots: Int
    private var optimisticSlots: Int
    /// Who holds an optimistic slot, since when.
    private var optimistic: [PeerNumber: ContinuousClock.Instant] = [:]
    private var lastTurn: ContinuousClock.Instant?

    /// - Parameters:
    ///   - slots: Peers unchoked at one time, 0 or more.
    ///   - optimisticSlots: How many of these go by turns at least.
    init(mode: Mode = .seed, slots: Int, optimisticSlots: Int) {
        self.mode = mode
        self.slots = max(0, slots)
        self.optimisticSlots = min(max(0, optimisticSlots), self.slots)
    }

    /// How many slots an upload limit feeds: few for a narrow line, so that each peer gets enough to be worth its while,
    /// more with the root of the rate. Without a limit, or with a wide one, `most`.
    static func slots(uploadLimit: Int?, most: Int) -> Int {
        guard let limit = uploadLimit else { return most }
        let fed =
            switch limit {
            case ..<1: 0
            case ..<9_000: 2
            case ..<15_000: 3
            case ..<42_000: 4
            default: Int((Double(limit) * 0.0006).squareRoot())
            }
        return min(fed, max(0, most))
    }

    /// Goes on with another number of slots from the next deal on.
    mutating func setSlots(_ slots: Int, optimisticSlots: Int) {
        self.slots = max(0, slots)
        self.optimisticSlots = min(max(0, optimisticSlots), self.slots)
    }

    /// Deals all slots anew. Returns the peers that are unchoked from now on; all others are choked.
    mutating func deal(_ candidates: [Candidate], now: ContinuousClock.Instant) -> Set<PeerNumber> {
        var generator = SystemRandomNumberGenerator()
        return deal(candidates, now: now, using: &generator)
    }

    /// Deals all slots anew, with the chance of `generator`.
    mutating func deal(
        _ candidates: [Candidate], now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Set<PeerNumber> {
        let interested = candidates.filter(\.isInterested)
        let ids = Set(interested.map(\.id))
        optimistic = optimistic.filter { ids.contains($0.key) }
        guard interested.count > slots else { return ids }
        switch mode {
        case .seed: return dealAsSeed(interested, now: now)
        case .leech: return dealAsLeech(interested, now: now, using: &generator)
        }
    }

    /// Gives free slots to those who wait longest and takes none away: for the time between two deals.
    mutating func fillFreeSlots(_ candidates: [Candidate]) -> Set<PeerNumber> {
        let interested = candidates.filter(\.isInterested)
        var chosen = Set(interested.filter(\.isUnchoked).map(\.id))
        optimistic = optimistic.filter { chosen.contains($0.key) }
        guard chosen.count < slots else { return chosen }
        let waiting = interested.filter { !$0.isUnchoked }.sorted(by: Self.waitsLonger)
        chosen.formUnion(waiting.prefix(slots - chosen.count).map(\.id))
        return chosen
    }

    // MARK: As a seed

    private mutating func dealAsSeed(_ interested: [Candidate], now: ContinuousClock.Instant) -> Set<PeerNumber> {
        turnOptimisticSlots(interested, now: now)
        let regular = interested.filter { optimistic[$0.id] == nil }
            .sorted { Self.precedes($0, $1, now: now) }
            .prefix(slots - optimistic.count)
        return Set(optimistic.keys).union(regular.map(\.id))
    }

    private mutating func turnOptimisticSlots(_ interested: [Candidate], now: ContinuousClock.Instant) {
        trimOptimistic(to: optimisticSlots)
        if let lastTurn, now - lastTurn < Self.optimisticTurn, optimistic.count == optimisticSlots { return }
        lastTurn = now
        let waiting = interested.filter { !$0.isUnchoked }.sorted(by: Self.waitsLonger).prefix(optimisticSlots)
        // Those whose turn ends compete by their rate like all others.
        trimOptimistic(to: optimisticSlots - waiting.count)
        for peer in waiting { optimistic[peer.id] = now }
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

    static func waitsLonger(_ left: Candidate, _ right: Candidate) -> Bool {
        left.since != right.since ? left.since < right.since : left.id < right.id
    }

    /// Those who came last stay.
    private mutating func trimOptimistic(to count: Int) {
        guard optimistic.count > max(0, count) else { return }
        let kept = optimistic.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            .prefix(max(0, count))
        optimistic = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    // MARK: As a downloader

    private mutating func dealAsLeech(
        _ interested: [Candidate], now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Set<PeerNumber> {
        let partners = interested.filter { $0.givenRate > 0 && !$0.isSnubbing }
            .sorted(by: Self.givesMore)
            .prefix(slots - optimisticSlots)
        let chosen = Set(partners.map(\.id))
        let turns = slots - chosen.count
        // Who has earned a slot leaves its optimistic one to another.
        optimistic = optimistic.filter { !chosen.contains($0.key) && now - $0.value < Self.optimisticTurn }
        trimOptimistic(to: turns)
        var waiting = interested.filter { !chosen.contains($0.id) && optimistic[$0.id] == nil }
        while optimistic.count < turns, let next = Self.draw(from: &waiting, now: now, using: &generator) {
            optimistic[next] = now
        }
        return chosen.union(optimistic.keys)
    }

    private static func givesMore(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.givenRate != right.givenRate { return left.givenRate > right.givenRate }
        return left.rate != right.rate ? left.rate > right.rate : waitsLonger(left, right)
    }

    /// Takes one out by chance, those who wait before those whose turn has just ended.
    private static func draw(
        from candidates: inout [Candidate], now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> PeerNumber? {
        func weight(_ peer: Candidate) -> Int {
            peer.connectedAt.map { now - $0 < newness } == true ? newnessWeight : 1
        }
        let isAnyoneWaiting = candidates.contains { !$0.isUnchoked }
        let lot = candidates.indices.filter { !isAnyoneWaiting || !candidates[$0].isUnchoked }
        guard !lot.isEmpty else { return nil }
        var ticket = Int.random(in: 0..<lot.reduce(0) { $0 + weight(candidates[$1]) }, using: &generator)
        for index in lot {
            ticket -= weight(candidates[index])
            if ticket < 0 { return candidates.remove(at: index).id }
        }
        return nil
    }
}
