import ByteCoding
import Metainfo

/// A part of all torrents and what is known of them. Pure; the shard's lock is around it.
struct ShardState: Sendable {
    /// What became of an announce.
    enum Outcome {
        /// It was taken in. `hash` is the one the torrent was allowed with.
        case answered(hash: InfoHash, counts: SwarmCounts, hasChanged: Bool)
        /// The torrent is kept under another hash, perhaps in another shard.
        case elsewhere(InfoHash)
        case refused(Refusal)
    }

    var swarms: [Swarm] = []
    var places: [InfoHash: Int] = [:]
    /// Other hashes, and under which each torrent is kept.
    var aliases: [InfoHash: InfoHash] = [:]
    /// The other hash of each torrent that has one, so that both go together.
    var others: [InfoHash: InfoHash] = [:]
    var refused: [InfoHash: RefusalReason] = [:]
    var seededHere: Set<InfoHash> = []
    var uncollected: [InfoHash: UInt64] = [:]
    /// Whose snapshots are out of date.
    var touched: [InfoHash] = []
    /// Kept up with every change, so that an operator's page costs nothing.
    private(set) var totals = TrackerTotals()
    /// How many swarms nobody allowed.
    var visitors = 0
    var expiry = (swarm: 0, cursor: ExpiryCursor.start)
    var seeder: SeederAddresses?
    private var completions = RecentCompletions()
    private var desk: HandOutDesk

    init(seed: UInt64) { desk = HandOutDesk(seed: seed) }

    mutating func announce(
        _ hash: InfoHash, _ announcement: Announcement, _ terms: SwarmTerms, into peers: inout [Endpoint]
    ) -> Outcome {
        guard let place = places[hash] else { return absent(hash) }
        let before = swarms[place].figures
        if swarms[place].announce(announcement, terms), completions.isNew(hash, peerTag: announcement.peerTag) {
            swarms[place].completed &+= 1
            uncollected[hash, default: 0] &+= 1
        }
        if announcement.wanted > 0 {
            let goal = peers.count + announcement.wanted
            let handOut = HandOutTerms(rule: terms.rule, ceiling: swarms[place].uploadCeiling, now: terms.now)
            if swarms[place].isSeededHere { appendSeeder(for: announcement, goal: goal, into: &peers) }
            swarms[place].sample(goal, for: announcement, handOut, desk: &desk, into: &peers)
        }
        touch(place)
        let counts = settle(place, before)
        return .answered(hash: hash, counts: counts, hasChanged: counts != before.counts)
    }

    func counts(_ hash: InfoHash) -> SwarmCounts? { places[hash].map { swarms[$0].counts } }

    /// The hash under which a torrent is kept, when `hash` is its other one.
    func original(of hash: InfoHash) -> InfoHash? { places[hash] == nil ? aliases[hash] : nil }

    /// A copy that shares its memory until either changes.
    func swarm(_ hash: InfoHash) -> Swarm? { places[hash].map { swarms[$0] } }

    mutating func setUploadCeiling(_ hash: InfoHash, _ code: UInt16) {
        if let place = places[hash] { swarms[place].uploadCeiling = code }
    }

    /// Completions since the last call.
    mutating func collectCompleted() -> [InfoHash: UInt64] {
        defer { uncollected = [:] }
        return uncollected
    }

    /// Brings the sums up to date after a swarm has changed.
    @discardableResult
    mutating func settle(_ place: Int, _ before: SwarmFigures) -> SwarmCounts {
        let after = swarms[place].figures
        totals.replace(before, by: after)
        return after.counts
    }

    /// Notes that a swarm's snapshot is out of date.
    mutating func touch(_ place: Int) {
        guard !swarms[place].isTouched else { return }
        swarms[place].isTouched = true
        touched.append(swarms[place].hash)
    }

    mutating func append(_ swarm: Swarm) {
        places[swarm.hash] = swarms.count
        swarms.append(swarm)
        totals.add(swarm.figures)
        if swarm.isVisitor { visitors += 1 }
    }

    /// Takes a swarm out; the last one fills its place.
    @discardableResult
    mutating func drop(_ hash: InfoHash) -> Swarm? {
        guard let place = places.removeValue(forKey: hash) else { return nil }
        let last = swarms.count - 1
        if place < last {
            swarms.swapAt(place, last)
            places[swarms[place].hash] = place
        }
        let swarm = swarms.removeLast()
        totals.subtract(swarm.figures)
        if swarm.isVisitor { visitors -= 1 }
        if !swarm.isTouched { touched.append(hash) }
        // The search for silent peers may have stood in the middle of either.
        if expiry.swarm == place || expiry.swarm == last { expiry.cursor = .start }
        return swarm
    }

    private func absent(_ hash: InfoHash) -> Outcome {
        if let reason = refused[hash] { return .refused(Refusal(reason)) }
        if let original = aliases[hash] { return .elsewhere(original) }
        return .refused(.unregistered)
    }

    /// Hands out the seeder of this process: at its given addresses as far as the asker may have them, else at the
    /// address he reached us at.
    private func appendSeeder(for asker: Announcement, goal: Int, into peers: inout [Endpoint]) {
        guard let seeder, seeder.port > 0, !asker.wantsNoData else { return }
        let start = peers.count
        for address in seeder.explicit { append(address, seeder.port, for: asker, goal: goal, into: &peers) }
        if peers.count == start { append(asker.localAddress, seeder.port, for: asker, goal: goal, into: &peers) }
    }

    private func append(
        _ address: IPAddress, _ port: UInt16, for asker: Announcement, goal: Int, into peers: inout [Endpoint]
    ) {
        let fits = asker.takesBothFamilies || address.isIPv4 == asker.address.isIPv4
        let isAsker = address == asker.address && port == asker.port
        guard peers.count < goal, fits, !isAsker, asker.mayGet(address.scope) else { return }
        peers.append(Endpoint(address: address, port: port))
    }
}
