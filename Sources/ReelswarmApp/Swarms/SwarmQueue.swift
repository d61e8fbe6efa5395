import Metainfo

/// Torrents that wait for something, each once, the longest waiting first.
struct SwarmQueue {
    private var order: [InfoHash] = []
    /// How many at the front of `order` have been taken.
    private var taken = 0
    private var waiting: Set<InfoHash> = []

    /// How many wait.
    var count: Int { waiting.count }

    /// Lets torrents wait behind all others; those that wait already keep their place.
    mutating func append(_ hashes: [InfoHash]) {
        for hash in hashes where waiting.insert(hash).inserted { order.append(hash) }
    }

    /// Lets torrents that were taken wait again, behind all others: what fails every time keeps nobody from his turn.
    mutating func putBack(_ hashes: [InfoHash]) {
        order.removeSubrange(..<taken)
        taken = 0
        append(hashes)
    }

    /// Takes the one that waits longest; nil where none waits.
    mutating func next() -> InfoHash? {
        guard taken < order.count else {
            order.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        let hash = order[taken]
        taken += 1
        waiting.remove(hash)
        return hash
    }
}
