import ByteCoding

extension PeerTable {
    /// Appends up to `wanted` peers that may be handed to the asker, chosen by the rule of the terms.
    ///
    /// The rule sees a window of candidates: two walks, each from a random place in one half, stand for a random sample.
    /// Nothing is shuffled or copied but the window, whose space is the desk's, and a walk gives up after a bounded
    /// number of entries that do not fit.
    mutating func sample(
        _ wanted: Int, for asker: Announcement, _ terms: HandOutTerms, desk: inout HandOutDesk,
        into out: inout [Endpoint]
    ) {
        let range = 0..<(asker.wantsNoData ? border : peers.count)
        guard wanted > 0, !range.isEmpty else { return }
        // To those that give, all that take are alike.
        if terms.rule == .random || asker.wantsNoData {
            walk(range, for: wanted, random: &desk.random) { peer, _ in
                guard Self.mayBeHanded(peer, to: asker) else { return false }
                out.append(peer.endpoint)
                return true
            }
            return
        }
        let now = HandOutTime.code(terms.now)
        gather(range, for: asker, wanted: wanted, terms, now: now, desk: &desk)
        let count = HandOut.choose(
            wanted, of: &desk.candidates, by: terms.rule, mix: desk.mix, random: &desk.random)
        var entries = peers.mutableSpan
        for candidate in desk.candidates.prefix(count) {
            let slot = Int(candidate.slot)
            out.append(entries[slot].endpoint)
            entries[slot].handed = now
        }
    }

    /// Fills the desk with candidates.
    private func gather(
        _ range: Range<Int>, for asker: Announcement, wanted: Int, _ terms: HandOutTerms, now: UInt8,
        desk: inout HandOutDesk
    ) {
        let size = HandOutWindow.size(terms.rule, wanted: wanted)
        var random = desk.random
        desk.candidates.removeAll(keepingCapacity: true)
        // At most `size` are taken, so that the space is enough and nothing is asked again for each.
        desk.candidates.append(addingCapacity: size) { candidates in
            walk(range, for: size, random: &random) { peer, slot in
                guard Self.mayBeHanded(peer, to: asker), !candidates.isFull else { return false }
                candidates.append(
                    HandOutCandidate(
                        slot: UInt32(truncatingIfNeeded: slot), credit: min(peer.uploaded, terms.ceiling),
                        rest: HandOutTime.rest(since: peer.handed, at: now),
                        onlyTakes: peer.uploaded == 0 && peer.downloaded > 0))
                return true
            }
        }
        desk.random = random
    }

    /// Shows entries to `take` until it took `wanted` of them.
    private func walk(
        _ range: Range<Int>, for wanted: Int, random: inout FastRandom,
        _ take: (PeerEntry<Address>, Int) -> Bool
    ) {
        guard range.count > wanted else {
            _ = walk(range, from: random.below(range.count), for: wanted, take)
            return
        }
        let middle = range.count / 2
        var left = wanted
        if middle > 0 {
            left -= walk(0..<middle, from: random.below(middle), for: (wanted + 1) / 2, take)
        }
        let start = middle + random.below(range.count - middle)
        _ = walk(middle..<range.count, from: start, for: left, take)
    }

    /// Returns how many were taken.
    private func walk(
        _ range: Range<Int>, from start: Int, for wanted: Int, _ take: (PeerEntry<Address>, Int) -> Bool
    ) -> Int {
        let steps = min(range.count, 16 * max(0, wanted) + 64)
        let entries = peers.span
        var taken = 0
        var slot = start
        for _ in 0..<steps {
            guard taken < wanted else { break }
            if take(entries[slot], slot) { taken += 1 }
            slot += 1
            if slot == range.upperBound { slot = range.lowerBound }
        }
        return taken
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
