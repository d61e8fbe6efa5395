import Metainfo

extension PieceScheduler {
    /// Changes what is wanted. Requests for what no longer is are cancelled; blocks that have come are kept.
    mutating func want(_ wanted: WantedBytes, now: ContinuousClock.Instant) {
        wantedAt = advance(to: now)
        guard wanted != self.wanted else { return }
        apply(wanted)
    }

    /// While paused nothing is asked for, open requests are cancelled, and no peer interests us.
    mutating func pause(_ isPaused: Bool) {
        guard isPaused != self.isPaused else { return }
        self.isPaused = isPaused
        replenish()
        guard isPaused else { return }
        for place in partials.partials.indices { cancelRequests(in: place) }
    }

    mutating func apply(_ wanted: WantedBytes) {
        self.wanted = wanted
        let former = missing
        countWanted()
        lanes = PieceLanes(wanted, in: layout)
        lanes.advance(missing: missing)
        lateBlocks.removeAll()
        for place in peers.indices where !lanes.isEmpty {
            disown(place)
            peers[place].current = PartialPieces.none
        }
        if missing != former { missingChanged() }
        replenish()
    }

    private mutating func countWanted() {
        wantedPieces = PieceSet(count: layout.pieceCount)
        for run in wanted.pieces(in: layout) {
            wantedPieces.insert(Int(run.lowerBound.rawValue)...Int(run.upperBound.rawValue))
        }
        missing = wantedPieces
        missing.subtract(PieceSet(have, count: layout.pieceCount))
        (wantedTotal, wantedLeft) = (0, 0)
        wantedPieces.forEach { wantedTotal += Int64(length(of: $0)) }
        missing.forEach { wantedLeft += Int64(length(of: $0)) }
    }

    private mutating func missingChanged() {
        unbegun = missing
        for place in partials.partials.indices where partials[place].piece != PartialPieces.none {
            unbegun[partials[place].piece] = false
            partials[place].isWanted = missing[partials[place].piece]
            if partials[place].isWanted { partials.list(place) } else { dropUnwanted(place) }
        }
        rarity.reset(unbegun, using: &random)
        for place in peers.indices where peers[place].number != nil { recount(place) }
    }

    private mutating func dropUnwanted(_ place: Int) {
        partials.unlist(place)
        cancelRequests(in: place)
    }

    /// Cancels what is open for a begun piece; without any block there it is begun no longer.
    private mutating func cancelRequests(in place: Int) {
        let piece = partials[place].piece
        guard piece != PartialPieces.none, !partials[place].isVerifying else { return }
        partials[place].owner = PartialPieces.none
        for block in place * partials.stride..<place * partials.stride + partials[place].blockCount
        where partials.blocks[block].first != OpenRequests.none {
            cancelRequests(for: block)
            partials.giveBack(block)
        }
        guard partials[place].isUntouched else { return }
        partials.end(place)
        reopen(piece)
    }
}
