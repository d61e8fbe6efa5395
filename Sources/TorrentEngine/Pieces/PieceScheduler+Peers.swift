import Metainfo
import PeerWire

extension PieceScheduler {
    /// A peer that has nothing until `owns` says so, and chokes us. A number is never used again.
    mutating func join(_ peer: PeerNumber, isFast: Bool, now: ContinuousClock.Instant) {
        let now = advance(to: now)
        add(SchedulerPeer(number: peer, isFast: isFast, spanBytes: nil, limits: limits, now: now))
    }

    /// A web seed: owns everything and is given spans of at most `spanBytes`, one at a time. Its blocks come through
    /// `received`; `choked` means the span failed or it backs off, `unchoked` that it may be asked again.
    mutating func joinWebSeed(_ peer: PeerNumber, spanBytes: Int, now: ContinuousClock.Instant) {
        let now = advance(to: now)
        guard place(of: peer) == nil else { return }
        let spanBytes = max(Self.blockLength, spanBytes)
        add(SchedulerPeer(number: peer, isFast: false, spanBytes: spanBytes, limits: limits, now: now))
        if place(of: peer) != nil { seeds += 1 }
    }

    /// A peer or web seed is gone; what it was asked for is free for others.
    mutating func leave(_ peer: PeerNumber, now: ContinuousClock.Instant) {
        advance(to: now)
        guard let place = place(of: peer) else { return }
        releaseAll(of: place)
        disown(place)
        if peers[place].ownsAll {
            seeds -= 1
        } else {
            peers[place].pieces.forEach { rarity.decrement($0) }
        }
        vacate(place)
    }

    // MARK: What peers own

    /// A peer has told all it owns: a bitfield, have all, have none. A later one replaces the former, a few times.
    mutating func owns(_ peer: PeerNumber, _ pieces: Bitfield) {
        guard let place = place(of: peer), peers[place].spanBytes == nil, peers[place].tellings < limits.tellings
        else { return }
        peers[place].tellings += 1
        forgetPieces(of: place)
        if pieces.isFull, pieces.count == layout.pieceCount {
            peers[place].ownsAll = true
            seeds += 1
        } else {
            peers[place].pieces = PieceSet(pieces, count: layout.pieceCount)
            peers[place].pieces.forEach { rarity.increment($0) }
        }
        recount(place)
    }

    /// A peer has got a piece.
    mutating func owns(_ peer: PeerNumber, _ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        guard let place = place(of: peer), index < layout.pieceCount, !peers[place].has(index) else { return }
        if peers[place].pieces.count == 0 { peers[place].pieces = PieceSet(count: layout.pieceCount) }
        peers[place].pieces[index] = true
        rarity.increment(index)
        guard missing[index] else { return }
        peers[place].interesting += 1
        peers[place].exhaustedAt = nil
        mark(place)
    }

    /// A peer has a piece no longer (`lt_donthave`, BEP 54), or a web seed lacks it.
    mutating func lost(_ peer: PeerNumber, _ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        guard let place = place(of: peer), index < layout.pieceCount, peers[place].has(index) else { return }
        if peers[place].ownsAll { spellOut(place) }
        peers[place].pieces[index] = false
        rarity.decrement(index)
        if missing[index] { peers[place].interesting -= 1 }
        releaseAll(of: place, piece: index)
        if peers[place].spanBytes != nil, peers[place].requests.count == 0 { pending.append(.cancelSpan(peer)) }
        mark(place)
    }

    private mutating func forgetPieces(of place: Int) {
        if peers[place].ownsAll {
            peers[place].ownsAll = false
            seeds -= 1
        } else {
            peers[place].pieces.forEach { rarity.decrement($0) }
        }
        peers[place].pieces = PieceSet(count: 0)
    }

    /// From "has everything" to a set of all pieces.
    private mutating func spellOut(_ place: Int) {
        peers[place].ownsAll = false
        seeds -= 1
        peers[place].pieces = PieceSet(Bitfield(full: layout.pieceCount), count: layout.pieceCount)
        peers[place].interesting = missing.setCount
        for piece in 0..<layout.pieceCount { rarity.increment(piece) }
    }

    /// Counts anew what a peer has that we want.
    mutating func recount(_ place: Int) {
        peers[place].interesting = peers[place].ownsAll ? 0 : missing.commonCount(with: peers[place].pieces)
        peers[place].exhaustedAt = nil
        mark(place)
    }

    // MARK: Chokes and hints

    /// A peer answers no more requests. One without the fast extension has forgotten those that are open.
    mutating func choked(_ peer: PeerNumber, now: ContinuousClock.Instant) {
        advance(to: now)
        guard let place = place(of: peer) else { return }
        peers[place].isChoked = true
        disown(place)
        peers[place].current = PartialPieces.none
        guard !peers[place].isFast else { return }
        releaseAll(of: place)
        peers[place].silentSince = nil
    }

    /// A peer answers requests.
    mutating func unchoked(_ peer: PeerNumber, now: ContinuousClock.Instant) {
        advance(to: now)
        guard let place = place(of: peer) else { return }
        peers[place].isChoked = false
        peers[place].exhaustedAt = nil
        mark(place)
    }

    /// A peer gives this piece even while it chokes us (BEP 6).
    mutating func allowedFast(_ peer: PeerNumber, _ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        guard let place = place(of: peer), index < layout.pieceCount,
            peers[place].allowedFast.count < limits.fastSetCount, !peers[place].allowedFast.contains(index)
        else { return }
        peers[place].allowedFast.append(index)
        peers[place].exhaustedAt = nil
        mark(place)
    }

    /// A peer would like to be asked for this piece (BEP 6).
    mutating func suggested(_ peer: PeerNumber, _ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        guard let place = place(of: peer), index < layout.pieceCount,
            peers[place].suggested.count < limits.fastSetCount
        else { return }
        peers[place].suggested.append(index)
    }

    /// A peer will not answer this request (BEP 6). One that refuses although it does not choke us is asked for less,
    /// and after a while.
    mutating func rejected(_ peer: PeerNumber, _ request: BlockRequest, now: ContinuousClock.Instant) {
        let now = advance(to: now)
        guard let place = place(of: peer), let block = block(piece: request.piece, begin: request.begin),
            let open = openRequest(for: block, of: place)
        else { return }
        release(open)
        peers[place].silentSince = peers[place].requests.count > 0 ? now : nil
        mark(place)
        guard !peers[place].isChoked else {
            peers[place].allowedFast.removeAll { $0 == Int(request.piece.rawValue) }
            return
        }
        peers[place].rejects = min(peers[place].rejects + 1, 7)
        peers[place].pipeline.back()
        peers[place].holdUntil = now + .milliseconds(125 << peers[place].rejects)
    }

    /// A peer keeps at most so many requests (`reqq`, BEP 10).
    mutating func setRequestBudget(_ peer: PeerNumber, maximum: Int) {
        guard let place = place(of: peer) else { return }
        peers[place].budget = max(1, maximum)
        mark(place)
    }
}
