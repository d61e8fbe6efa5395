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

    private(set) var swarms: [Swarm] = []
    private var places: [InfoHash: Int] = [:]
    private var aliases: [InfoHash: InfoHash] = [:]
    private var refused: [InfoHash: RefusalReason] = [:]
    private var seededHere: Set<InfoHash> = []
    private var completions = RecentCompletions()
    private var uncollected: [InfoHash: UInt64] = [:]
    private var expiry = (swarm: 0, cursor: ExpiryCursor.start)
    private var random: FastRandom
    var seeder: SeederAddresses?

    init(seed: UInt64) { random = FastRandom(seed: seed) }

    /// Begins to track a torrent; a known one keeps its peers.
    mutating func allow(_ hash: InfoHash, completed: UInt64) {
        refused[hash] = nil
        if let place = places[hash] {
            swarms[place].completed = max(swarms[place].completed, completed)
            return
        }
        places[hash] = swarms.count
        swarms.append(Swarm(hash: hash, completed: completed))
        swarms[swarms.count - 1].isSeededHere = seededHere.contains(hash)
    }

    mutating func setAlias(_ alias: InfoHash, of hash: InfoHash) { aliases[alias] = hash }

    mutating func refuse(_ hash: InfoHash, _ reason: RefusalReason) {
        drop(hash)
        refused[hash] = reason
    }

    mutating func forget(_ hash: InfoHash) {
        drop(hash)
        refused[hash] = nil
        aliases[hash] = nil
    }

    /// True when that changed the counts.
    mutating func setSeededHere(_ hash: InfoHash, _ isSeeding: Bool) -> Bool {
        if isSeeding { seededHere.insert(hash) } else { seededHere.remove(hash) }
        guard let place = places[hash], swarms[place].isSeededHere != isSeeding else { return false }
        swarms[place].isSeededHere = isSeeding
        return true
    }

    mutating func announce(
        _ hash: InfoHash, _ announcement: Announcement, now: UInt32, limit: Int, into peers: inout [Endpoint]
    ) -> Outcome {
        guard let place = places[hash] else { return absent(hash) }
        let before = swarms[place].counts
        if swarms[place].announce(announcement, now: now, limit: limit),
            completions.isNew(hash, peerTag: announcement.peerTag)
        {
            swarms[place].completed += 1
            uncollected[hash, default: 0] += 1
        }
        if announcement.wanted > 0 {
            let goal = peers.count + announcement.wanted
            if swarms[place].isSeededHere { appendSeeder(for: announcement, goal: goal, into: &peers) }
            swarms[place].sample(goal, for: announcement, random: &random, into: &peers)
        }
        let counts = swarms[place].counts
        return .answered(hash: hash, counts: counts, hasChanged: counts != before)
    }

    func counts(_ hash: InfoHash) -> SwarmCounts? { places[hash].map { swarms[$0].counts } }

    /// The hash under which a torrent is kept, when `hash` is its other one.
    func original(of hash: InfoHash) -> InfoHash? { places[hash] == nil ? aliases[hash] : nil }

    func peers(of hash: InfoHash, now: UInt32) -> [SwarmPeer] { places[hash].map { swarms[$0].peers(now: now) } ?? [] }

    /// Completions since the last call.
    mutating func collectCompleted() -> [InfoHash: UInt64] {
        defer { uncollected = [:] }
        return uncollected
    }

    /// Drops silent peers, going on where the last call stopped, looking at no more than `budget` entries and swarms.
    /// Returns the torrents whose counts changed.
    mutating func expire(now: UInt32, lifetime: UInt16, budget: Int) -> [InfoHash] {
        var budget = budget
        var changed: [InfoHash] = []
        var visited = 0
        while budget > 0, visited < swarms.count {
            if expiry.swarm >= swarms.count { expiry = (0, .start) }
            budget -= 1
            guard expireNext(now: now, lifetime: lifetime, budget: &budget, &changed) else { break }
            expiry = (expiry.swarm + 1, .start)
            visited += 1
        }
        return changed
    }

    /// Goes on with the swarm at hand; true when that one is done.
    private mutating func expireNext(
        now: UInt32, lifetime: UInt16, budget: inout Int, _ changed: inout [InfoHash]
    ) -> Bool {
        // Thousands of idle torrents shall cost next to nothing.
        guard swarms[expiry.swarm].entryCount > 0 else { return true }
        let before = swarms[expiry.swarm].counts
        let isDone = swarms[expiry.swarm].expire(
            from: &expiry.cursor, now: now, lifetime: lifetime, budget: &budget)
        if swarms[expiry.swarm].counts != before { changed.append(swarms[expiry.swarm].hash) }
        return isDone
    }

    private func absent(_ hash: InfoHash) -> Outcome {
        if let reason = refused[hash] { return .refused(Refusal(reason)) }
        if let original = aliases[hash] { return .elsewhere(original) }
        return .refused(.unregistered)
    }

    /// Takes a swarm out; the last one fills its place.
    private mutating func drop(_ hash: InfoHash) {
        guard let place = places.removeValue(forKey: hash) else { return }
        swarms.swapAt(place, swarms.count - 1)
        swarms.removeLast()
        if place < swarms.count { places[swarms[place].hash] = place }
        expiry.cursor = .start
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
