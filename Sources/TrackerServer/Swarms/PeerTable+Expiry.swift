extension PeerTable {
    /// The first slot at or below `start`, going down, whose peer has been silent for longer than `lifetime` seconds;
    /// at most `budget` entries are looked at, and what was looked at is subtracted from it.
    ///
    /// Going down is what makes removal safe on the way: only entries that were looked at move.
    func staleSlot(
        from start: Int, now: UInt32, lifetime: UInt16, budget: inout Int
    ) -> (stale: Int?, next: Int) {
        var slot = min(start, peers.count - 1)
        while slot >= 0, budget > 0 {
            budget -= 1
            if peers[slot].silence(at: now) > lifetime { return (slot, slot - 1) }
            slot -= 1
        }
        return (nil, slot)
    }

    /// The minute (of 64 seconds) of silence down to which the `share` longest silent entries reach. A full table lets
    /// that many go at once, so that the search for them is paid for by many arrivals.
    func agesOfOldest(share: Int, now: UInt32) -> Range<UInt16> {
        var minutes = [Int](repeating: 0, count: 1024)
        for peer in peers { minutes[Int(peer.silence(at: now)) / 64] += 1 }
        var sum = 0
        for minute in minutes.indices.reversed() {
            sum += minutes[minute]
            if sum >= share { return UInt16(clamping: minute * 64)..<UInt16(clamping: minute * 64 + 64) }
        }
        return 0..<64
    }
}
