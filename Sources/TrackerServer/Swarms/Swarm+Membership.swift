/// How entries come and go. `own` is the table of the announce's address family, `other` that of the other family; the
/// tally over both stays right through every change.
extension Swarm {
    static func announce<Own, Other>(
        _ announcement: Announcement, at address: Own, _ progress: UInt8, in own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally, _ terms: SwarmTerms
    ) -> Bool {
        var announcement = announcement
        var known = own.slot(address, announcement.port)
        if announcement.mayBePaused, let known, isStillPaused(own.peers[known], announcement, progress) {
            announcement.role = .partialSeeding
        }
        let leftComplete = leavesComplete(announcement, known, in: &own, beside: &other)
        if let slot = known, isOver(own.peers[slot], announcement) {
            drop(slot, from: &own, beside: &other, &tally)
            known = nil
        }
        guard announcement.role != .leaving else { return leftComplete }
        let slot: Int
        if let known {
            slot = update(known, announcement, in: &own, beside: &other, &tally)
        } else {
            makeRoom(for: announcement, at: address, in: &own, beside: &other, &tally, terms)
            slot = add(announcement, at: address, to: &own, beside: &other, &tally)
        }
        own.change(slot) { $0.take(announcement, progress, now: terms.now) }
        return announcement.hasCompleted && complete(slot, in: &own, beside: &other)
    }

    /// Whether a client that has said that it is a partial seed is one still: it has got nothing since.
    private static func isStillPaused<Address>(
        _ entry: PeerEntry<Address>, _ announcement: Announcement, _ progress: UInt8
    ) -> Bool {
        entry.marks.contains(.partialSeed) && entry.peerTag == announcement.peerTag && entry.progress == progress
            && entry.downloaded == announcement.downloaded
    }

    /// Whether an announce from the endpoint of an entry ends that entry: its client leaves, or another client, which is
    /// the old one started anew, takes its place. A late farewell of the old one does not take the new one away.
    private static func isOver<Address>(_ entry: PeerEntry<Address>, _ announcement: Announcement) -> Bool {
        let isSameID = entry.peerTag == announcement.peerTag
        guard announcement.role == .leaving else { return !isSameID }
        return entry.isSameClient(peerTag: announcement.peerTag, keyTag: announcement.keyTag)
    }

    /// Adds an entry; it counts unless another one of its client does, and its marks say whether.
    static func add<Own, Other>(
        _ entry: PeerEntry<Own>, to own: inout PeerTable<Own>, beside other: inout PeerTable<Other>,
        _ tally: inout Tally
    ) -> Int {
        var entry = entry
        entry.marks.subtract([.counted, .paired])
        if let twin = own.counted(peerTag: entry.peerTag, keyTag: entry.keyTag) {
            entry.marks.insert(.paired)
            own.mark(twin, .paired)
        } else if let twin = other.counted(peerTag: entry.peerTag, keyTag: entry.keyTag) {
            entry.marks.insert(.paired)
            other.mark(twin, .paired)
        } else {
            entry.marks.insert(.counted)
            tally.add(entry.marks)
        }
        return own.insert(entry)
    }

    private static func add<Own, Other>(
        _ announcement: Announcement, at address: Own, to own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally
    ) -> Int {
        let entry = PeerEntry(
            address: address, port: announcement.port, seen: 0, peerTag: announcement.peerTag,
            keyTag: announcement.keyTag, marks: announcement.marks)
        let slot = add(entry, to: &own, beside: &other, &tally)
        guard !own.peers[slot].marks.contains(.counted) else { return slot }
        return tellTwin(of: slot, announcement, in: &own, beside: &other, &tally)
    }

    /// Brings a known entry to what the announce says, and with it the entry that counts for its client.
    private static func update<Own, Other>(
        _ slot: Int, _ announcement: Announcement, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>,
        _ tally: inout Tally
    ) -> Int {
        let marks = own.peers[slot].marks
        let status = announcement.marks.intersection(.status)
        if marks.contains(.counted) {
            return marks.intersection(.status) == status ? slot : follow(slot, announcement, in: &own, &tally)
        }
        let moved = tellTwin(of: slot, announcement, in: &own, beside: &other, &tally)
        return own.setStatus(moved, status)
    }

    /// Gives the entry that counts for a client the announced status; says where the announced entry stands then.
    private static func tellTwin<Own, Other>(
        of slot: Int, _ announcement: Announcement, in own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally
    ) -> Int {
        let (peerTag, keyTag) = (own.peers[slot].peerTag, own.peers[slot].keyTag)
        let address = own.peers[slot].address
        if let twin = own.counted(peerTag: peerTag, keyTag: keyTag) {
            follow(twin, announcement, in: &own, &tally)
        } else if let twin = other.counted(peerTag: peerTag, keyTag: keyTag) {
            follow(twin, announcement, in: &other, &tally)
        }
        // The twin's change may have moved this entry.
        return own.slot(address, announcement.port) ?? slot
    }

    /// Gives a counting entry the announced status, in the tally too.
    @discardableResult
    private static func follow<Table>(
        _ slot: Int, _ announcement: Announcement, in table: inout PeerTable<Table>, _ tally: inout Tally
    ) -> Int {
        let status = announcement.marks.intersection(.status)
        guard table.peers[slot].marks.intersection(.status) != status else { return slot }
        tally.subtract(table.peers[slot].marks)
        let moved = table.setStatus(slot, status)
        tally.add(table.peers[moved].marks)
        return moved
    }

    /// Removes an entry; another one of the same client counts in its place.
    static func drop<Own, Other>(
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
        table.mark(heir, marks.intersection(.completed).union([.counted, .paired]))
        tally.add(table.peers[heir].marks)
    }
}

extension PeerEntry {
    /// Notes what an announce says beside its status.
    fileprivate mutating func take(_ announcement: Announcement, _ progress: UInt8, now: UInt32) {
        seen = UInt16(truncatingIfNeeded: now)
        client = announcement.client
        uploaded = announcement.uploaded
        downloaded = announcement.downloaded
        self.progress = progress
    }
}

extension PeerTable {
    /// An entry of a client, whether it counts or not.
    fileprivate func any(peerTag: UInt32, keyTag: UInt32) -> Int? {
        var found: Int?
        forEach(peerTag: peerTag, keyTag: keyTag) { slot in if found == nil { found = slot } }
        return found
    }
}
