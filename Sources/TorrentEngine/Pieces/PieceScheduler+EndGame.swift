extension PieceScheduler {
    /// Nothing that any peer has is left to begin.
    var isEndGame: Bool {
        unbegun.isEmpty || (seeds == 0 && rarity.bucket(0).count == rarity.order.count)
    }

    /// A block that is asked of a slower peer: of the one that would be busy longest, what it would send last.
    ///
    /// A peer takes over only what it would send sooner itself, so that few blocks come twice.
    mutating func blockToTakeOver(by place: Int) -> Int? {
        guard isEndGame else { return nil }
        var longest = takeOverTime(of: place)
        var best: Int?
        for other in peers.indices where other != place && peers[other].requests.count > 0 {
            let time = peers[other].pipeline.time(forBlocks: peers[other].requests.count)
            guard time > longest, !isNew(other), let block = lastBlock(of: other, for: place) else { continue }
            longest = time
            best = block
        }
        return best
    }

    /// Another peer must be busy for longer than this, in seconds, before this one takes over from it: clearly longer
    /// than this one would take, and than a block may be on its way already.
    private func takeOverTime(of place: Int) -> Double {
        let pipeline = peers[place].pipeline
        let roundTrip = pipeline.roundTrip?.inSeconds ?? 0
        return pipeline.time(forBlocks: peers[place].requests.count + 1) * 1.5 + roundTrip + 0.25
    }

    /// A peer that was only just asked for the first time could not show what it can do.
    private func isNew(_ place: Int) -> Bool {
        guard peers[place].pipeline.rate == 0, let clock,
            let oldest = requests.first(of: peers[place].requests)
        else { return false }
        return clock - requests[oldest].sentAt < .seconds(1)
    }

    /// Looks at a peer's newest requests.
    private func lastBlock(of other: Int, for place: Int) -> Int? {
        var next = requests.last(of: peers[other].requests)
        for _ in 0..<64 {
            guard let index = next else { return nil }
            if mayDouble(requests[index].block, by: place) { return requests[index].block }
            next = requests.previous(before: index)
        }
        return nil
    }

    private func mayDouble(_ block: Int, by place: Int) -> Bool {
        let state = partials.blocks[block]
        let partial = partials[block / partials.stride]
        return !state.isStored && state.first != OpenRequests.none && state.second == OpenRequests.none
            && requests[state.first].peer != place && !partial.isSuspect && partial.isWanted
            && peers[place].has(partial.piece)
    }

    // MARK: Deadlines

    /// Notes which blocks of the first pieces in the lanes are waited for too long.
    mutating func noteLateBlocks(now: Moment) {
        lateBlocks.removeAll(keepingCapacity: true)
        guard let lane = lanes.lanes.first else { return }
        let patience = patience(now: now)
        var piece = lane.start
        for _ in 0..<4 {
            guard let found = missing.first(from: piece, to: lane.end) else { break }
            piece = found + 1
            guard let place = partials.place(of: found) else { continue }
            let first = place * partials.stride
            for block in first..<first + partials[place].blockCount where lateBlocks.count < 64 {
                let (open, second) = (partials.blocks[block].first, partials.blocks[block].second)
                guard open != OpenRequests.none, second == OpenRequests.none else { continue }
                if now - requests[open].sentAt >= patience { lateBlocks.append(block) }
            }
        }
        lateBlocks.reverse()
    }

    /// How long one peer is waited for: the nearer the deadline, the shorter.
    private func patience(now: Moment) -> Duration {
        let longest: Duration = .seconds(3)
        guard let deadline = wanted.deadline, let wantedAt else { return longest }
        return max(.milliseconds(250), min(longest, (deadline - (now - wantedAt)) / 2))
    }

    /// The most urgent late block that this peer would send sooner.
    mutating func takeLateBlock(for place: Int) -> Int? {
        let time = peers[place].pipeline.time(forBlocks: peers[place].requests.count + 1)
        for index in lateBlocks.indices.reversed() {
            let block = lateBlocks[index]
            guard mayDouble(block, by: place) else { continue }
            let other = requests[partials.blocks[block].first].peer
            guard peers[other].pipeline.time(forBlocks: peers[other].requests.count) > time else { continue }
            lateBlocks.remove(at: index)
            return block
        }
        return nil
    }
}
