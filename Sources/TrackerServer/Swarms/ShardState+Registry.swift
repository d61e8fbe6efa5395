import Metainfo

/// Which torrents are tracked.
extension ShardState {
    /// Begins to track a torrent; a known one keeps its peers.
    mutating func allow(_ hash: InfoHash, completed: UInt64, size: UInt64?) {
        refused[hash] = nil
        if places[hash] == nil {
            var swarm = Swarm(hash: hash, completed: completed)
            swarm.isSeededHere = seededHere.contains(hash)
            append(swarm)
        }
        guard let place = places[hash] else { return }
        swarms[place].completed = max(swarms[place].completed, completed)
        if let size { swarms[place].size = size }
        if swarms[place].isVisitor {
            swarms[place].isVisitor = false
            visitors -= 1
        }
    }

    /// Begins to track a torrent that nobody allowed; false when it is known, or refused.
    mutating func welcome(_ hash: InfoHash) -> Bool {
        guard places[hash] == nil, refused[hash] == nil, aliases[hash] == nil else { return false }
        var swarm = Swarm(hash: hash, completed: 0)
        swarm.isVisitor = true
        swarm.isSeededHere = seededHere.contains(hash)
        append(swarm)
        return true
    }

    mutating func refuse(_ hash: InfoHash, _ reason: RefusalReason) {
        drop(hash)
        refused[hash] = reason
    }

    /// Forgets everything about a torrent; returns its other hash, which has to be forgotten where it is kept.
    mutating func forget(_ hash: InfoHash) -> InfoHash? {
        drop(hash)
        refused[hash] = nil
        uncollected[hash] = nil
        return others.removeValue(forKey: hash)
    }

    /// Notes the other hash of a torrent; returns the one it had before.
    mutating func setOther(_ other: InfoHash, of hash: InfoHash) -> InfoHash? {
        others.updateValue(other, forKey: hash)
    }

    /// Makes a hash the other one of a torrent. What was known under it goes: returned are the peers it had as a torrent
    /// of its own, and whether it was seeded here.
    mutating func setAlias(_ alias: InfoHash, of hash: InfoHash) -> (swarm: Swarm?, isSeededHere: Bool) {
        aliases[alias] = hash
        others[alias] = nil
        refused[alias] = nil
        return (drop(alias), seededHere.remove(alias) != nil)
    }

    mutating func removeAlias(_ alias: InfoHash, of hash: InfoHash) {
        if aliases[alias] == hash { aliases[alias] = nil }
    }

    /// True when that changed the counts.
    mutating func setSeededHere(_ hash: InfoHash, _ isSeeding: Bool) -> Bool {
        if isSeeding { seededHere.insert(hash) } else { seededHere.remove(hash) }
        guard let place = places[hash], swarms[place].isSeededHere != isSeeding else { return false }
        let before = swarms[place].figures
        swarms[place].isSeededHere = isSeeding
        settle(place, before)
        return true
    }
}
