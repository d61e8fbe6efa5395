/// Who is handed out: the rule, without tables, clocks and locks.
package enum HandOut {
    /// Chooses among candidates and moves those that are handed out to the front, in the order in which they are.
    ///
    /// `uploaders` is a ranking by credit. `mixed` begins with the share that has the most credit, goes on with the share
    /// that rested for longest and ends with random ones. Where many only take, the first share is left out: handed to
    /// all comers, those that upload would have no room left for each other. Among equals the earlier candidate comes
    /// first, so candidates that were drawn at random stay so.
    ///
    /// - Parameters:
    ///   - wanted: how many; fewer are chosen when there are fewer.
    ///   - candidates: everybody who may be handed to the asker.
    /// - Returns: how many were chosen.
    package static func choose(
        _ wanted: Int, of candidates: inout [HandOutCandidate], by rule: HandOutRule,
        mix: HandOutMix = .standard,
        random: inout some RandomNumberGenerator
    ) -> Int {
        let goal = min(max(wanted, 0), candidates.count)
        switch rule {
        case .random:
            var span = candidates.mutableSpan
            draw(0..<goal, of: &span, random: &random)
        case .uploaders:
            var span = candidates.mutableSpan
            rank(0..<goal, of: &span) { $0.credit }
        case .mixed:
            let best = manyOnlyTake(candidates) ? 0 : mix.uploaders(of: goal)
            let rested = best + mix.rested(of: goal)
            var span = candidates.mutableSpan
            rank(0..<best, of: &span) { $0.credit }
            rank(best..<rested, of: &span) { UInt16($0.rest) }
            draw(rested..<goal, of: &span, random: &random)
        }
        return goal
    }

    /// Whether more than a quarter of the candidates have downloaded and uploaded nothing.
    private static func manyOnlyTake(_ candidates: [HandOutCandidate]) -> Bool {
        var takers = 0
        for candidate in candidates where candidate.onlyTakes { takers += 1 }
        return 4 * takers > candidates.count
    }

    /// Fills places with the highest of the candidates from the first of them on, highest first.
    private static func rank(
        _ places: Range<Int>, of candidates: inout MutableSpan<HandOutCandidate>,
        by key: (HandOutCandidate) -> UInt16
    ) {
        guard let last = places.last else { return }
        for next in places.lowerBound..<candidates.count {
            let candidate = candidates[next]
            if next > last {
                // Most fail here, so that the whole costs little more than one look at each.
                guard key(candidate) > key(candidates[last]) else { continue }
                candidates[next] = candidates[last]
            }
            var place = min(next, last)
            while place > places.lowerBound, key(candidates[place - 1]) < key(candidate) {
                candidates[place] = candidates[place - 1]
                place -= 1
            }
            candidates[place] = candidate
        }
    }

    /// Fills places with random ones of the candidates from the first of them on.
    private static func draw(
        _ places: Range<Int>, of candidates: inout MutableSpan<HandOutCandidate>,
        random: inout some RandomNumberGenerator
    ) {
        for place in places {
            let left = UInt64(candidates.count - place)
            let offset = Int(truncatingIfNeeded: random.next().multipliedFullWidth(by: left).high)
            candidates.swapAt(place, place + offset)
        }
    }
}
