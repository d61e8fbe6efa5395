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
    private let peersPerSwarm: Int

    init(shards: Int, peersPerSwarm: Int) {
        self.shards = (0..<shards).map { _ in Shard() }
        self.peersPerSwarm = peersPerSwarm
    }

    func allow(_ hash: InfoHash, alias: InfoHash?, completed: UInt64) {
        shard(of: hash).state.withLock { $0.allow(hash, completed: completed) }
        if let alias, alias != hash { shard(of: alias).state.withLock { $0.setAlias(alias, of: hash) } }
    }

    func refuse(_ hash: InfoHash, _ reason: RefusalReason) {
        shard(of: hash).state.withLock { $0.refuse(hash, reason) }
    }

    func forget(_ hash: InfoHash) { shard(of: hash).state.withLock { $0.forget(hash) } }

    func setSeeder(_ seeder: SeederAddresses?) {
        for shard in shards { shard.state.withLock { $0.seeder = seeder } }
    }

    func setSeededHere(_ hash: InfoHash, _ isSeeding: Bool) -> Bool {
        shard(of: hash).state.withLock { $0.setSeededHere(hash, isSeeding) }
    }

    /// Takes an announce in and appends the peers to hand out.
    func announce(
        _ hash: InfoHash, _ announcement: Announcement, now: UInt32, into peers: inout [Endpoint]
    ) -> ShardState.Outcome {
        let outcome = shard(of: hash).state.withLock {
            $0.announce(hash, announcement, now: now, limit: peersPerSwarm, into: &peers)
        }
        guard case .elsewhere(let original) = outcome else { return outcome }
        // One hop: an alias of an alias is an unknown torrent.
        return shard(of: original).state.withLock {
            $0.announce(original, announcement, now: now, limit: peersPerSwarm, into: &peers)
        }
    }

    /// Nil for torrents that are not tracked.
    func counts(_ hash: InfoHash) -> SwarmCounts? {
        let original = self.original(of: hash)
        return shard(of: original).state.withLock { $0.counts(original) }
    }

    func peers(of hash: InfoHash, now: UInt32) -> [SwarmPeer] {
        let original = self.original(of: hash)
        return shard(of: original).state.withLock { $0.peers(of: original, now: now) }
    }

    /// Completions since the last call.
    func collectCompleted() -> [InfoHash: UInt64] {
        shards.reduce(into: [:]) { all, shard in
            all.merge(shard.state.withLock { $0.collectCompleted() }) { $0 + $1 }
        }
    }

    /// One step of dropping silent peers: at most `budget` entries under each lock. Returns whose counts changed.
    func expire(now: UInt32, lifetime: UInt16, budget: Int) -> [InfoHash] {
        shards.flatMap { shard in
            shard.state.withLock { $0.expire(now: now, lifetime: lifetime, budget: budget) }
        }
    }

    func totals() -> TrackerTotals {
        shards.reduce(into: TrackerTotals()) { totals, shard in
            shard.state.withLock { state in
                for swarm in state.swarms { totals.add(swarm.counts, addresses: swarm.entryCount) }
            }
        }
    }

    private func original(of hash: InfoHash) -> InfoHash {
        shard(of: hash).state.withLock { $0.original(of: hash) } ?? hash
    }

    private func shard(of hash: InfoHash) -> Shard {
        shards[Int(UInt(bitPattern: hash.hashValue) % UInt(shards.count))]
    }
}
