import Metainfo

/// Swarms that outlive the process.
extension ShardState {
    /// Whose snapshots are out of date since the last call; a torrent that is not tracked any more is among them too.
    mutating func collectTouched() -> [InfoHash] {
        for hash in touched {
            if let place = places[hash] { swarms[place].isTouched = false }
        }
        defer { touched.removeAll(keepingCapacity: touched.count < 1024) }
        return touched
    }

    /// Takes peers of a snapshot in; returns how many. What is known of an endpoint is newer and stays.
    mutating func restore(
        _ peers: [SnapshotPeer], completed: UInt64, to hash: InfoHash, age: Int, lifetime: UInt16, _ terms: SwarmTerms,
        heads: ClientHeads
    ) -> (peers: Int, hasChanged: Bool) {
        guard let place = places[hash] else { return (0, false) }
        let before = swarms[place].figures
        let count = swarms[place].restore(peers, age: age, lifetime: lifetime, terms, heads: heads)
        swarms[place].completed = max(swarms[place].completed, completed)
        let counts = settle(place, before)
        return (count, counts != before.counts)
    }

    /// Takes in the peers of a swarm that turned out to be this one under its other hash.
    mutating func merge(_ other: Swarm, into hash: InfoHash, _ terms: SwarmTerms) {
        guard let place = places[hash] else { return }
        let before = swarms[place].figures
        swarms[place].merge(other, terms)
        swarms[place].completed &+= other.completed
        settle(place, before)
        touch(place)
    }
}
