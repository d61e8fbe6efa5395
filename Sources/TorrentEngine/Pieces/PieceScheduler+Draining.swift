import Metainfo
import PeerWire

extension PieceScheduler {
    /// Appends what is to be done. To be called after each batch of events.
    mutating func drain(into commands: inout [SchedulerCommand]) {
        commands.append(contentsOf: pending)
        pending.removeAll(keepingCapacity: true)
        guard let now = clock else { return }
        if wakesAll {
            wakesAll = false
            for place in peers.indices where peers[place].number != nil { mark(place) }
        }
        var index = 0
        while index < listed.count {
            visit(listed[index], now: now, commands: &commands)
            index += 1
        }
        listed.removeAll(keepingCapacity: true)
    }

    private mutating func visit(_ place: Int, now: Moment, commands: inout [SchedulerCommand]) {
        peers[place].isListed = false
        guard let number = peers[place].number else { return }
        if peers[place].spanBytes == nil { tellInterest(to: place, number, commands: &commands) }
        guard !isPaused, peers[place].exhaustedAt != supply, !isHeld(place, now: now) else { return }
        if let spanBytes = peers[place].spanBytes {
            let due = min(peers[place].pipeline.rate * limits.spanTime.inSeconds, Double(spanBytes))
            let bytes = min(spanBytes, max(limits.firstSpanBytes, Int(due)))
            fillSpan(of: place, number, bytes: bytes, now: now, commands: &commands)
        } else {
            fill(place, number, now: now, commands: &commands)
        }
    }

    private mutating func tellInterest(to place: Int, _ number: PeerNumber, commands: inout [SchedulerCommand]) {
        let hasWanted = peers[place].ownsAll ? !missing.isEmpty : peers[place].interesting > 0
        let isInteresting = hasWanted && !isPaused
        guard isInteresting != peers[place].isTold else { return }
        peers[place].isTold = isInteresting
        commands.append(.interest(number, isInteresting))
    }

    private mutating func isHeld(_ place: Int, now: Moment) -> Bool {
        guard let until = peers[place].holdUntil else { return false }
        guard now >= until else { return true }
        peers[place].holdUntil = nil
        return false
    }

    private mutating func fill(
        _ place: Int, _ number: PeerNumber, now: Moment, commands: inout [SchedulerCommand]
    ) {
        if peers[place].isChoked, peers[place].allowedFast.isEmpty { return }
        while peers[place].room > 0 {
            guard let block = nextBlock(for: place) else {
                peers[place].exhaustedAt = supply
                return
            }
            ask(place, for: block, now: now)
            commands.append(.request(number, request(for: block)))
        }
    }

    // MARK: Web seeds

    /// Gives a web seed a run of free blocks, over several pieces when they follow each other.
    private mutating func fillSpan(
        of place: Int, _ number: PeerNumber, bytes limit: Int, now: Moment,
        commands: inout [SchedulerCommand]
    ) {
        guard peers[place].requests.count == 0, !peers[place].isChoked else { return }
        guard var block = nextBlock(for: place) else {
            peers[place].exhaustedAt = supply
            return
        }
        let start = offset(of: block)
        var end = start
        while true {
            ask(place, for: block, now: now)
            end += Int64(length(ofBlock: block))
            guard end - start < Int64(limit), let next = freeBlock(after: block, for: place) else { break }
            block = next
        }
        peers[place].current = block / partials.stride
        commands.append(.fetchSpan(number, start..<end))
    }

    private func offset(of block: Int) -> Int64 {
        let request = request(for: block)
        return (layout.offset(of: request.piece) ?? 0) + Int64(request.begin)
    }

    /// The block that follows in the torrent, if nobody is asked for it.
    private mutating func freeBlock(after block: Int, for place: Int) -> Int? {
        let partial = block / partials.stride
        if block % partials.stride + 1 < partials[partial].blockCount {
            return partials.blocks[block + 1].isFree ? block + 1 : nil
        }
        let piece = partials[partial].piece + 1
        guard partials[partial].bytes == layout.pieceLength, unbegun[piece] else { return nil }
        let next = begin(piece)
        if lanes.isEmpty {
            partials[next].owner = place
            partials[next].ownedSince = clock
        }
        return partials.blocks[next * partials.stride].isFree ? next * partials.stride : nil
    }
}
