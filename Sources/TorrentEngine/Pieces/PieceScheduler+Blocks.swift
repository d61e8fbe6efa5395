import Metainfo
import PeerWire

extension PieceScheduler {
    /// What is to be done with a block that has come.
    enum Receipt: Hashable, Sendable {
        /// Keep it.
        case store
        /// Keep it: the piece is complete, to be verified.
        case storeLast
        /// Drop it: it was not asked for, or is there already.
        case unwanted
    }

    /// A peer has sent a block.
    mutating func received(
        _ peer: PeerNumber, piece: PieceIndex, begin: UInt32, length: Int, now: ContinuousClock.Instant
    ) -> Receipt {
        let now = advance(to: now)
        guard let place = place(of: peer), let block = block(piece: piece, begin: begin) else { return .unwanted }
        let open = openRequest(for: block, of: place)
        guard length == self.length(ofBlock: block) else {
            if let open { release(open) }
            return .unwanted
        }
        if let open {
            peers[place].pipeline.received(bytes: length, roundTrip: now - requests[open].sentAt)
            unlink(open)
        } else {
            guard !partials.blocks[block].isStored, partials.blocks[block].peer == peer else { return .unwanted }
            peers[place].pipeline.received(bytes: length, roundTrip: nil)
            if partials.blocks[block].isFree { partials.take(block) }
        }
        noteLife(of: place, now: now)
        return store(block, from: peer)
    }

    private mutating func noteLife(of place: Int, now: Moment) {
        peers[place].silentSince = peers[place].requests.count > 0 ? now : nil
        peers[place].rejects = 0
        if peers[place].isSnubbing, let number = peers[place].number {
            peers[place].isSnubbing = false
            pending.append(.snubbed(number, false))
        }
        mark(place)
    }

    private mutating func store(_ block: Int, from peer: PeerNumber) -> Receipt {
        let place = block / partials.stride
        partials.blocks[block].isStored = true
        partials.blocks[block].peer = peer
        partials[place].stored += 1
        cancelRequests(for: block)
        guard partials[place].stored == partials[place].blockCount else { return .store }
        partials[place].isVerifying = true
        partials[place].owner = PartialPieces.none
        return .storeLast
    }

    // MARK: Open requests

    /// The request for a block that is open with a peer.
    func openRequest(for block: Int, of place: Int) -> Int? {
        let (first, second) = (partials.blocks[block].first, partials.blocks[block].second)
        if first != OpenRequests.none, requests[first].peer == place { return first }
        if second != OpenRequests.none, requests[second].peer == place { return second }
        return nil
    }

    /// Notes that a peer is asked for a block.
    mutating func ask(_ place: Int, for block: Int, now: Moment) {
        let item = OpenRequests.Item(block: block, peer: place, sentAt: now)
        let index = requests.append(item, to: &peers[place].requests)
        if partials.blocks[block].first == OpenRequests.none {
            partials.blocks[block].first = index
            partials.take(block)
        } else {
            partials.blocks[block].second = index
        }
        if peers[place].silentSince == nil { peers[place].silentSince = now }
    }

    /// Takes a request off its peer and its block.
    mutating func unlink(_ index: Int) {
        let item = requests[index]
        requests.remove(index, from: &peers[item.peer].requests)
        if partials.blocks[item.block].first == index {
            partials.blocks[item.block].first = partials.blocks[item.block].second
        }
        partials.blocks[item.block].second = OpenRequests.none
    }

    /// Ends a request that brought nothing; its block is free for others. `isLate`: the peer is told, and an answer
    /// that comes all the same is welcome.
    mutating func release(_ index: Int, isLate: Bool = false) {
        let item = requests[index]
        let place = item.block / partials.stride
        if isLate, let number = peers[item.peer].number { pending.append(.cancel(number, request(for: item.block))) }
        unlink(index)
        if partials[place].owner == item.peer { partials[place].owner = PartialPieces.none }
        guard partials.blocks[item.block].isFree else { return }
        if isLate { partials.blocks[item.block].peer = peers[item.peer].number }
        partials.giveBack(item.block)
        replenish()
        if !isLate, partials[place].isUntouched { discard(place) }
    }

    /// Ends all requests of a peer, or those for one piece.
    mutating func releaseAll(of place: Int, piece: Int? = nil, isLate: Bool = false) {
        var next = requests.first(of: peers[place].requests)
        while let index = next {
            next = requests.next(after: index)
            if let piece, partials[requests[index].block / partials.stride].piece != piece { continue }
            release(index, isLate: isLate)
        }
    }

    /// A piece with no block there or asked for is unbegun again.
    private mutating func discard(_ place: Int) {
        let piece = partials[place].piece
        partials.end(place)
        reopen(piece)
    }

    /// Tells the peers that are asked for a block that it is no longer wanted.
    mutating func cancelRequests(for block: Int) {
        while partials.blocks[block].first != OpenRequests.none {
            let index = partials.blocks[block].first
            let place = requests[index].peer
            unlink(index)
            mark(place)
            cancel(block, at: place)
        }
    }

    /// A web seed's span cannot be shortened; it is ended when nothing of it is wanted.
    private mutating func cancel(_ block: Int, at place: Int) {
        if peers[place].requests.count == 0 { peers[place].silentSince = nil }
        guard let number = peers[place].number else { return }
        if peers[place].spanBytes == nil {
            pending.append(.cancel(number, request(for: block)))
        } else if peers[place].requests.count == 0 {
            pending.append(.cancelSpan(number))
        }
    }

    /// The peer works alone on no piece any more.
    mutating func disown(_ place: Int) {
        let current = peers[place].current
        guard current != PartialPieces.none, partials[current].owner == place else { return }
        partials[current].owner = PartialPieces.none
        replenish()
    }
}
