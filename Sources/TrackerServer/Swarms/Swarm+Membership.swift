/// How entries come and go. `own` is the table of the announce's address family, `other` that of the other family; the
/// tally over both stays right through every change.
extension Swarm {
    static func announce<Own, Other>(
        _ announcement: Announcement, at address: Own, in own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally, now: UInt32, limit: Int
    ) -> Bool {
        var known = own.slot(address, announcement.port)
        let leftComplete = leavesComplete(announcement, known, in: &own, beside: &other)
        if let slot = known, announcement.role == .leaving || own.peers[slot].peerTag != announcement.peerTag {
            // Another client at the same endpoint is the old one started anew: its entry must not linger.
            drop(slot, from: &own, beside: &other, &tally)
            known = nil
        }
        guard announcement.role != .leaving else { return leftComplete }
        var slot: Int
        if let known {
            slot = update(known, announcement, in: &own, beside: &other, &tally)
            own.refresh(slot, now: now)
        } else {
            if own.count >= limit { makeRoom(in: &own, beside: &other, &tally, now: now) }
            slot = add(announcement, at: address, to: &own, beside: &other, &tally, now: now)
        }
        return announcement.hasCompleted && complete(slot, in: &own, beside: &other)
    }

    /// Removes entries from `slot` downwards that are too old; true when the table has been gone through.
    static func expire<Own, Other>(
        _ slot: inout Int, _ budget: inout Int, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>,
        _ tally: inout Tally, now: UInt32, lifetime: UInt16
    ) -> Bool {
        while slot >= 0 {
            guard budget > 0 else { return false }
            let (stale, next) = own.staleSlot(from: slot, now: now, lifetime: lifetime, budget: &budget)
            slot = next
            if let stale { drop(stale, from: &own, beside: &other, &tally) }
        }
        return true
    }

    private static func add<Own, Other>(
        _ announcement: Announcement, at address: Own, to own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally, now: UInt32
    ) -> Int {
        var marks = announcement.marks
        let (peerTag, keyTag) = (announcement.peerTag, announcement.keyTag)
        if let twin = own.counted(peerTag: peerTag, keyTag: keyTag) {
            marks.insert(.paired)
            own.mark(twin, .paired)
            follow(twin, announcement, in: &own, &tally)
        } else if let twin = other.counted(peerTag: peerTag, keyTag: keyTag) {
            marks.insert(.paired)
            other.mark(twin, .paired)
            follow(twin, announcement, in: &other, &tally)
        } else {
            marks.insert(.counted)
            tally.add(marks)
        }
        return own.insert(
            PeerEntry(
                address: address, port: announcement.port, seen: UInt16(truncatingIfNeeded: now), peerTag: peerTag,
                keyTag: keyTag, marks: marks))
    }

    /// Brings a known entry to what the announce says, and with it the entry that counts for its client.
    private static func update<Own, Other>(
        _ slot: Int, _ announcement: Announcement, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>,
        _ tally: inout Tally
    ) -> Int {
        let marks = own.peers[slot].marks
        let status = announcement.marks.intersection(.status)
        guard marks.intersection(.status) != status else { return slot }
        if marks.contains(.counted) { return follow(slot, announcement, in: &own, &tally) }
        let (peerTag, keyTag) = (own.peers[slot].peerTag, own.peers[slot].keyTag)
        let address = own.peers[slot].address
        if let twin = own.counted(peerTag: peerTag, keyTag: keyTag) {
            follow(twin, announcement, in: &own, &tally)
        } else if let twin = other.counted(peerTag: peerTag, keyTag: keyTag) {
            follow(twin, announcement, in: &other, &tally)
        }
        // The twin's change may have moved this entry.
        guard let moved = own.slot(address, announcement.port) else { return slot }
        return own.setStatus(moved, status)
    }

    /// Gives a counting entry the announced status, in the tally too.
    @discardableResult
    private static func follow<Table>(
        _ slot: Int, _ announcement: Announcement, in table: inout PeerTable<Table>, _ tally: inout Tally
    ) -> Int {
        tally.subtract(table.peers[slot].marks)
        let moved = table.setStatus(slot, announcement.marks.intersection(.status))
        tally.add(table.peers[moved].marks)
        return moved
    }

    /// Removes an entry; another one of the same client counts in its place.
    private static func drop<Own, Other>(
        _ slot: Int, from own: inout PeerTable<Own>, beside other: inout PeerTable<Other>, _ tally: inout Tally
    ) {
        let peer = own.remove(slot)
        guard peer.marks.contains(.counted) else { return }
        tally.subtract(peer.marks)
        guard peer.marks.contains(.paired) else { return }
        if let heir = own.any(peerTag: peer.peerTag, keyTag: peer.keyTag) {
            inherit(heir, peer.marks, in: &own, &tally)
        } else if let heir = other.any(peerTag: peer.peerTag, keyTag: peer.keyTag) {
            inherit(heir, peer.marks, in: &other, &tally)
        }
    }

    private static func inherit<Table>(
        _ heir: Int, _ marks: PeerMarks, in table: inout PeerTable<Table>, _ tally: inout Tally
    ) {
        guard !table.peers[heir].marks.contains(.counted) else { return }
        table.count(heir)
        table.mark(heir, marks.intersection(.completed))
        tally.add(table.peers[heir].marks)
    }

    /// Lets the longest silent sixteenth go.
    private static func makeRoom<Own, Other>(
        in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>, _ tally: inout Tally, now: UInt32
    ) {
        var share = max(1, own.count / 16)
        let ages = own.agesOfOldest(share: share, now: now)
        // First all that are older than the last of them, then as many of that age as it takes.
        for age in [ages.upperBound, ages.lowerBound] {
            var slot = own.count - 1
            while slot >= 0, share > 0 {
                if own.peers[slot].silence(at: now) >= age {
                    drop(slot, from: &own, beside: &other, &tally)
                    share -= 1
                }
                slot -= 1
            }
        }
    }

    /// Marks a client's completion; false when it was marked before.
    /// Whether a leecher leaves that has everything by now: its download counts as completed.
    private static func leavesComplete<Own, Other>(
        _ announcement: Announcement, _ known: Int?, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>
    ) -> Bool {
        guard announcement.leavesComplete, let known, own.peers[known].peerTag == announcement.peerTag,
            own.peers[known].marks.isDisjoint(with: .status)
        else { return false }
        return complete(known, in: &own, beside: &other)
    }

    private static func complete<Own, Other>(
        _ slot: Int, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>
    ) -> Bool {
        let peer = own.peers[slot]
        guard !peer.marks.contains(.completed) else { return false }
        own.mark(slot, .completed)
        guard !peer.marks.contains(.counted) else { return true }
        if let twin = own.counted(peerTag: peer.peerTag, keyTag: peer.keyTag) {
            defer { own.mark(twin, .completed) }
            return !own.peers[twin].marks.contains(.completed)
        }
        guard let twin = other.counted(peerTag: peer.peerTag, keyTag: peer.keyTag) else { return true }
        defer { other.mark(twin, .completed) }
        return !other.peers[twin].marks.contains(.completed)
    }
}
