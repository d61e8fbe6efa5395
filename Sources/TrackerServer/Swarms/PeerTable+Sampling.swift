import ByteCoding

extension PeerTable {
    /// Appends up to `wanted` random peers that may be handed to the asker.
    ///
    /// Two walks, each from a random place in one half, stand for a random sample: nothing is shuffled or copied, and a
    /// walk gives up after a bounded number of entries that do not fit.
    func sample(
        _ wanted: Int, for asker: Announcement, random: inout FastRandom, into out: inout [Endpoint]
    ) {
        let range = 0..<(asker.wantsNoData ? border : peers.count)
        let goal = out.count + wanted
        guard wanted > 0, !range.isEmpty else { return }
        guard range.count > wanted else {
            walk(range, from: random.below(range.count), for: asker, until: goal, into: &out)
            return
        }
        let middle = range.count / 2
        let half = out.count + (wanted + 1) / 2
        if middle > 0 { walk(0..<middle, from: random.below(middle), for: asker, until: half, into: &out) }
        let rest = range.count - middle
        walk(middle..<range.count, from: middle + random.below(rest), for: asker, until: goal, into: &out)
    }

    private func walk(
        _ range: Range<Int>, from start: Int, for asker: Announcement, until goal: Int, into out: inout [Endpoint]
    ) {
        let steps = min(range.count, 16 * max(0, goal - out.count) + 64)
        var slot = start
        for _ in 0..<steps {
            guard out.count < goal else { return }
            if Self.mayBeHanded(peers[slot], to: asker) { out.append(peers[slot].endpoint) }
            slot += 1
            if slot == range.upperBound { slot = range.lowerBound }
        }
    }

    private static func mayBeHanded(_ peer: PeerEntry<Address>, to asker: Announcement) -> Bool {
        let marks = peer.marks
        if !marks.isDisjoint(with: .scopes) {
            if marks.contains(.unusable) { return false }
            if marks.contains(.loopback), asker.scope != .loopback { return false }
            if marks.contains(.private), asker.scope != .private { return false }
        }
        if asker.wantsNoData, marks.contains(.partialSeed) { return false }
        return !peer.isSameClient(peerTag: asker.peerTag, keyTag: asker.keyTag)
    }
}
