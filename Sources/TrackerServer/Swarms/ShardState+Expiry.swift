import Metainfo

/// How silent peers, and torrents that came with them, go.
extension ShardState {
    /// Drops silent peers, going on where the last call stopped, looking at no more than `budget` entries and swarms.
    /// Returns the torrents whose counts changed.
    mutating func expire(now: UInt32, lifetime: UInt16, budget: Int) -> [InfoHash] {
        var budget = budget
        var changed: [InfoHash] = []
        var visited = 0
        let count = swarms.count
        while budget > 0, visited < count, !swarms.isEmpty {
            if expiry.swarm >= swarms.count { expiry = (0, .start) }
            budget -= 1
            guard expireNext(now: now, lifetime: lifetime, budget: &budget, &changed) else { break }
            visited += 1
            if isOver(swarms[expiry.swarm]) {
                // The last swarm takes its place and is next.
                drop(swarms[expiry.swarm].hash)
            } else {
                expiry = (expiry.swarm + 1, .start)
            }
        }
        return changed
    }

    private func isOver(_ swarm: Swarm) -> Bool {
        swarm.isVisitor && swarm.entryCount == 0 && !swarm.isSeededHere
    }

    /// Goes on with the swarm at hand; true when that one is done.
    private mutating func expireNext(
        now: UInt32, lifetime: UInt16, budget: inout Int, _ changed: inout [InfoHash]
    ) -> Bool {
        let place = expiry.swarm
        let before = swarms[place].figures
        // Thousands of idle torrents shall cost next to nothing.
        guard before.addresses > 0 else { return true }
        let isDone = swarms[place].expire(from: &expiry.cursor, now: now, lifetime: lifetime, budget: &budget)
        let counts = settle(place, before)
        if counts != before.counts { changed.append(swarms[place].hash) }
        if swarms[place].entryCount != before.addresses { touch(place) }
        return isDone
    }
}
