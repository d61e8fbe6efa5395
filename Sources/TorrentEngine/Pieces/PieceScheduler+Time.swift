extension PieceScheduler {
    /// To be called about once a second: measures rates, and looks for peers that do not answer.
    mutating func tick(now: ContinuousClock.Instant) {
        let now = advance(to: now)
        if wantedAt == nil { wantedAt = now }
        for place in peers.indices where peers[place].number != nil {
            peers[place].pipeline.tick(now: now, isBusy: peers[place].requests.count > 0)
            if peers[place].spanBytes == nil { checkPeer(place, now: now) } else { checkWebSeed(place, now: now) }
        }
        endOldOwnership(now: now)
        if !lanes.isEmpty { noteLateBlocks(now: now) }
        if requests.count > 0, isEndGame || !lateBlocks.isEmpty { supply &+= 1 }
        wakesAll = true
    }

    private mutating func checkPeer(_ place: Int, now: Moment) {
        guard let number = peers[place].number else { return }
        endDroppedRequests(of: place, now: now)
        if peers[place].isChoked, peers[place].requests.count == 0 { peers[place].silentSince = nil }
        guard let silentSince = peers[place].silentSince else { return }
        let oldest = requests.first(of: peers[place].requests).map { now - requests[$0].sentAt }
        if now - silentSince >= limits.requestTimeout, let oldest, oldest >= limits.requestTimeout {
            disown(place)
            releaseAll(of: place, isLate: true)
            peers[place].pipeline.stall()
        }
        if now - silentSince >= limits.snubTimeout, !peers[place].isSnubbing {
            peers[place].isSnubbing = true
            pending.append(.snubbed(number, true))
        }
    }

    /// A peer that answers others but not its oldest requests has dropped them.
    private mutating func endDroppedRequests(of place: Int, now: Moment) {
        while let oldest = requests.first(of: peers[place].requests),
            now - requests[oldest].sentAt >= limits.snubTimeout
        {
            release(oldest, isLate: true)
        }
    }

    private mutating func checkWebSeed(_ place: Int, now: Moment) {
        guard let number = peers[place].number, let silentSince = peers[place].silentSince,
            now - silentSince >= limits.snubTimeout
        else { return }
        disown(place)
        releaseAll(of: place)
        pending.append(.cancelSpan(number))
        peers[place].silentSince = nil
        peers[place].holdUntil = now + limits.snubTimeout
    }

    /// A failed piece whose one peer takes too long is opened to all.
    private mutating func endOldOwnership(now: Moment) {
        for place in partials.partials.indices where partials[place].isSuspect {
            guard let since = partials[place].ownedSince, partials[place].owner != PartialPieces.none,
                now - since >= limits.wholePieceTime * 3
            else { continue }
            partials[place].isSuspect = false
            partials[place].owner = PartialPieces.none
            replenish()
        }
    }
}
