import Metainfo

extension PieceScheduler {
    /// The next block to ask a peer for, as an index into `partials.blocks`; nil when there is none for it.
    mutating func nextBlock(for place: Int) -> Int? {
        if peers[place].isChoked { return nextAllowedBlock(for: place) }
        if !lateBlocks.isEmpty, let block = takeLateBlock(for: place) { return block }
        let current = peers[place].current
        if current != PartialPieces.none, mayFill(current, by: place) { return partials.firstFree(current) }
        if let chosen = choosePiece(for: place) {
            peers[place].current = chosen
            return partials.firstFree(chosen)
        }
        return blockToTakeOver(by: place)
    }

    /// Whether a peer may be asked for free blocks of a begun piece. A piece with an owner is left to it.
    private func mayFill(_ partial: Int, by place: Int, besideOwner: Bool = false) -> Bool {
        let state = partials[partial]
        guard state.free > 0, state.isWanted, state.piece != PartialPieces.none else { return false }
        guard state.owner == PartialPieces.none || state.owner == place || (besideOwner && !state.isSuspect)
        else { return false }
        return peers[place].has(state.piece)
    }

    private mutating func choosePiece(for place: Int) -> Int? {
        if !lanes.isEmpty, let chosen = chooseInLanes(for: place) { return chosen }
        if let chosen = chooseBegun(for: place, besideOwner: false) { return own(chosen, by: place) }
        if let piece = chooseUnbegun(for: place) { return own(begin(piece), by: place) }
        return chooseBegun(for: place, besideOwner: true)
    }

    /// A peer that fills a piece quickly is left alone with it when it begins it; so is any with a piece that failed.
    private mutating func own(_ partial: Int, by place: Int) -> Int {
        guard partials[partial].owner == PartialPieces.none else { return partial }
        let isQuick = peers[place].pipeline.time(forBlocks: partials.stride) <= limits.wholePieceTime.inSeconds
        if partials[partial].isSuspect || (partials[partial].isUntouched && (isQuick || peers[place].spanBytes != nil))
        {
            partials[partial].owner = place
            partials[partial].ownedSince = clock
        }
        return partial
    }

    // MARK: Begun pieces

    /// The begun piece with the fewest free blocks.
    private func chooseBegun(for place: Int, besideOwner: Bool) -> Int? {
        var best: Int?
        var fewest = Int.max
        for partial in partials.unfilled
        where partials[partial].free < fewest && mayFill(partial, by: place, besideOwner: besideOwner) {
            best = partial
            fewest = partials[partial].free
        }
        return best
    }

    // MARK: Lanes

    /// The first piece, begun or not, of the first lane that has one for this peer.
    private mutating func chooseInLanes(for place: Int) -> Int? {
        let pieces = peers[place].ownsAll ? nil : peers[place].pieces
        for index in lanes.lanes.indices {
            let begun = firstBegun(in: lanes.lanes[index], for: place)
            let unbegun = lanes.firstUnbegun(index, unbegun: unbegun, pieces: pieces)
            if let begun, partials[begun].piece < unbegun ?? .max {
                return partials[begun].isSuspect ? own(begun, by: place) : begun
            }
            if let unbegun { return begin(unbegun) }
        }
        return nil
    }

    private func firstBegun(in lane: PieceLanes.Lane, for place: Int) -> Int? {
        var best: Int?
        for partial in partials.unfilled
        where lane.contains(partials[partial].piece) && mayFill(partial, by: place, besideOwner: true) {
            if let best, partials[best].piece < partials[partial].piece { continue }
            best = partial
        }
        return best
    }

    // MARK: Unbegun pieces

    private mutating func chooseUnbegun(for place: Int) -> Int? {
        guard !unbegun.isEmpty else { return nil }
        while let piece = peers[place].suggested.popLast() {
            if unbegun[piece], peers[place].has(piece) { return piece }
        }
        if have.setCount + partials.count < limits.randomPieces, let piece = chooseAtRandom(for: place) {
            return piece
        }
        return chooseRarest(for: place) ?? searchPieces(of: place)
    }

    private mutating func chooseAtRandom(for place: Int) -> Int? {
        for _ in 0..<16 {
            let piece = Int(rarity.order[random.index(below: rarity.order.count)])
            if peers[place].has(piece) { return piece }
        }
        return nil
    }

    /// Looks through the rarest pieces, from a random one within each bucket: what became equally rare last is known
    /// to all peers at once, and would be asked for by all.
    private mutating func chooseRarest(for place: Int) -> Int? {
        var probes = limits.rarityProbes
        for level in (seeds > 0 ? 0 : 1)..<max(1, rarity.bucketCount) {
            let bucket = rarity.bucket(level)
            guard !bucket.isEmpty else { continue }
            let offset = random.index(below: bucket.count)
            for step in 0..<bucket.count {
                let piece = Int(rarity.order[bucket.lowerBound + (offset + step) % bucket.count])
                if peers[place].has(piece) { return piece }
                probes -= 1
                if probes == 0 { return nil }
            }
        }
        return nil
    }

    /// For a peer that lacks the rarest pieces: the rarest of some that it has. The search goes on where it ended.
    private mutating func searchPieces(of place: Int) -> Int? {
        let from = peers[place].searchFrom
        var best = searchPieces(of: place, from: from, to: layout.pieceCount)
        if best == nil { best = searchPieces(of: place, from: 0, to: from) }
        return best
    }

    private mutating func searchPieces(of place: Int, from: Int, to end: Int) -> Int? {
        var best: Int?
        var next = from
        for _ in 0..<16 {
            guard let piece = unbegun.firstCommon(with: peers[place].pieces, from: next, to: end) else { break }
            if best.map({ rarity.availability[piece] < rarity.availability[$0] }) ?? true { best = piece }
            next = piece + 1
        }
        peers[place].searchFrom = next
        return best
    }

    // MARK: Allowed pieces

    private mutating func nextAllowedBlock(for place: Int) -> Int? {
        for piece in peers[place].allowedFast where peers[place].has(piece) && missing[piece] {
            if let partial = partials.place(of: piece) {
                if mayFill(partial, by: place) { return partials.firstFree(partial) }
            } else if unbegun[piece] {
                return partials.firstFree(begin(piece))
            }
        }
        return nil
    }
}
