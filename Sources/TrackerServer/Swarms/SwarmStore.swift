import ByteCoding
import Cryptography
import Metainfo
import Synchronization

/// All torrents that are tracked, spread over shards with one short lock each.
final class SwarmStore: Sendable {
    private final class Shard: Sendable {
        let state: Mutex<ShardState>

        init() { state = Mutex(ShardState(seed: SecureRandom.word())) }
    }

    private let shards: [Shard]
    /// How many torrents that nobody allowed there may be; 0 when none are welcome.
    private let visitorLimit: Int
    private let visitors = Atomic(0)

    init(shards: Int, visitorLimit: Int) {
        self.shards = (0..<shards).map { _ in Shard() }
        self.visitorLimit = visitorLimit
    }

    // MARK: - Announces

    /// Takes an announce in and appends the peers to hand out.
    func announce(
        _ hash: InfoHash, _ announcement: Announcement, _ terms: SwarmTerms, into peers: inout [Endpoint]
    ) -> ShardState.Outcome {
        let outcome = announceOnce(hash, announcement, terms, into: &peers)
        switch outcome {
        case .elsewhere(let original):
            // One hop: an alias of an alias is an unknown torrent.
            return announceOnce(original, announcement, terms, into: &peers)
        case .refused(.unregistered) where visitorLimit > 0:
            // Some clients say `stopped` before they begin, and take a refusal for a broken tracker.
            guard announcement.role != .leaving else {
                return .answered(hash: hash, counts: SwarmCounts(), hasChanged: false)
            }
            guard welcome(hash) else { return .refused(.tooManyTorrents) }
            return announceOnce(hash, announcement, terms, into: &peers)
        default: return outcome
        }
    }

    private func announceOnce(
        _ hash: InfoHash, _ announcement: Announcement, _ terms: SwarmTerms, into peers: inout [Endpoint]
    ) -> ShardState.Outcome {
        shard(of: hash).state.withLock { $0.announce(hash, announcement, terms, into: &peers) }
    }

    /// Begins to track a torrent that nobody allowed; false when there are too many of them.
    func welcome(_ hash: InfoHash) -> Bool {
        let (_, count) = visitors.add(1, ordering: .relaxed)
        let isWelcome = count <= visitorLimit
        let isNew = isWelcome && shard(of: hash).state.withLock { $0.welcome(hash) }
        if !isNew { visitors.subtract(1, ordering: .relaxed) }
        return isWelcome
    }

    // MARK: - Looking

    /// Nil for torrents that are not tracked.
    func counts(_ hash: InfoHash) -> SwarmCounts? { onOriginal(hash) { state, original in state.counts(original) } }

    /// A torrent's peers and counts; nil for one that is not tracked. Reading it holds no lock.
    func swarm(_ hash: InfoHash) -> Swarm? { onOriginal(hash) { state, original in state.swarm(original) } }

    /// Sums; takes each shard's lock for a moment.
    func totals() -> TrackerTotals {
        shards.reduce(into: TrackerTotals()) { totals, shard in totals.add(shard.state.withLock(\.totals)) }
    }

    // MARK: - Changing

    func setSeeder(_ seeder: SeederAddresses?) {
        for shard in shards { shard.state.withLock { $0.seeder = seeder } }
    }

    /// The torrent, by the hash it was allowed with, when that changed its counts.
    func setSeededHere(_ hash: InfoHash, _ isSeeding: Bool) -> InfoHash? {
        onOriginal(hash) { state, original in state.setSeededHere(original, isSeeding) ? original : nil }
    }

    func setUploadCeiling(_ hash: InfoHash, _ code: UInt16) {
        onOriginal(hash) { state, original in state.setUploadCeiling(original, code) }
    }

    /// Completions since the last call.
    func collectCompleted() -> [InfoHash: UInt64] {
        shards.reduce(into: [:]) { all, shard in
            all.merge(shard.state.withLock { $0.collectCompleted() }) { $0 + $1 }
        }
    }

    /// Torrents whose snapshots are out of date since the last call, each once.
    func collectTouched() -> Set<InfoHash> {
        shards.reduce(into: []) { all, shard in all.formUnion(shard.state.withLock { $0.collectTouched() }) }
    }

    /// One step of dropping silent peers: at most `budget` entries under each lock. Returns whose counts changed.
    func expire(now: UInt32, lifetime: UInt16, budget: Int) -> [InfoHash] {
        shards.flatMap { shard in
            counting(shard) { $0.expire(now: now, lifetime: lifetime, budget: budget) }
        }
    }

    // MARK: - Finding the shard

    /// The hash under which a torrent is kept.
    func original(of hash: InfoHash) -> InfoHash {
        shard(of: hash).state.withLock { $0.original(of: hash) } ?? hash
    }

    /// Calls `body` under the lock of the shard that keeps a torrent, whichever of its hashes is given.
    func onOriginal<Result: Sendable>(_ hash: InfoHash, _ body: (inout ShardState, InfoHash) -> Result) -> Result {
        let original = self.original(of: hash)
        return on(original) { body(&$0, original) }
    }

    /// Calls `body` under the lock of a hash's shard.
    func on<Result: Sendable>(_ hash: InfoHash, _ body: (inout ShardState) -> Result) -> Result {
        counting(shard(of: hash), body)
    }

    /// Keeps the number of visitors over all shards right.
    private func counting<Result: Sendable>(_ shard: Shard, _ body: (inout ShardState) -> Result) -> Result {
        let (result, change) = shard.state.withLock { state in
            let before = state.visitors
            let result = body(&state)
            return (result, state.visitors - before)
        }
        if change != 0 { visitors.add(change, ordering: .relaxed) }
        return result
    }

    private func shard(of hash: InfoHash) -> Shard {
        shards[Int(truncatingIfNeeded: hash.head % UInt64(shards.count))]
    }
}
