/// What of a swarm goes into sums over all of them.
struct SwarmFigures {
    let counts: SwarmCounts
    let addresses: Int
}

extension Swarm {
    var figures: SwarmFigures { SwarmFigures(counts: counts, addresses: entryCount) }
}
