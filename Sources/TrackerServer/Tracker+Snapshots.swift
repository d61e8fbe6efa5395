public import Metainfo

/// Swarms that outlive the process: store the snapshots of changed swarms now and then, with the time, and give them
/// back before `start`. A tracker with the same `tagSeed` knows the clients again; under another one they are replaced
/// as they announce.
extension Tracker {
    /// The torrents with any announce or expiry since the last call, by the hashes they were allowed with.
    public func changedSwarms() -> [InfoHash] { Array(logic.store.collectTouched()) }

    /// The peers of a torrent in bytes, some 23 for each; empty for a swarm without peers, nil when the torrent is not
    /// tracked (any more).
    public func snapshot(of hash: InfoHash) -> [UInt8]? {
        logic.store.swarm(hash).map {
            SwarmSnapshot.encode($0.snapshot(now: logic.clock.seconds(), heads: logic.heads))
        }
    }

    /// Takes the peers of a snapshot in, and returns how many. Peers that are known already, and those that have been
    /// silent for too long, stay out; the others expire as if they had announced when they last did.
    ///
    /// - Parameters:
    ///   - snapshot: what `snapshot(of:)` gave; nothing happens with other bytes.
    ///   - hash: a torrent that is allowed. In an open tracker any hash that was not refused is taken.
    ///   - seconds: how long ago the snapshot was taken.
    ///   - completed: how often the torrent had been downloaded by then; a greater number that is known stays.
    @discardableResult
    public func restore(_ snapshot: [UInt8], to hash: InfoHash, age seconds: Int, completed: UInt64 = 0) -> Int {
        guard let peers = SwarmSnapshot.decode(snapshot) else { return 0 }
        let now = logic.clock.seconds()
        let (count, original) = logic.store.restore(
            peers, completed: completed, to: hash, age: seconds, lifetime: logic.lifetime(now: now),
            SwarmTerms(logic.policy, now: now),
            heads: logic.heads)
        if let original { logic.changes.note(original) }
        return count
    }
}
