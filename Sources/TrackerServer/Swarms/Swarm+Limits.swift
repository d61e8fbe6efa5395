/// How many entries a swarm, an address and a client may have, and how silent ones go.
extension Swarm {
    /// Makes room for a new entry where a limit is reached.
    ///
    /// The longest silent entry goes, nobody is refused: behind a crowded NAT the newcomer still gets peers, and who was
    /// forgotten comes back with its next announce. An entry that goes is the one most likely dead.
    static func makeRoom<Own, Other>(
        for announcement: Announcement, at address: Own, in own: inout PeerTable<Own>,
        beside other: inout PeerTable<Other>, _ tally: inout Tally, _ terms: SwarmTerms
    ) {
        if terms.peersPerAddress > 0, !address.isLoopback {
            // Two at once, so that a limit that was lowered is reached in the end.
            for _ in 0..<2 {
                var crowd = Crowd(now: terms.now)
                own.forEach(near: address) { crowd.see($0, own.peers[$0]) }
                guard crowd.count >= terms.peersPerAddress, let oldest = crowd.oldest else { break }
                drop(oldest, from: &own, beside: &other, &tally)
            }
        }
        var addresses = Crowd(now: terms.now)
        own.forEach(peerTag: announcement.peerTag, keyTag: announcement.keyTag) { addresses.see($0, own.peers[$0]) }
        if addresses.count >= SwarmTerms.peersPerClient, let oldest = addresses.oldest {
            drop(oldest, from: &own, beside: &other, &tally)
        }
        if own.count >= terms.peersPerSwarm { dropOldest(in: &own, beside: &other, &tally, now: terms.now) }
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
        own.trim()
        return true
    }

    /// Lets the longest silent sixteenth go.
    private static func dropOldest<Own, Other>(
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
}

/// Entries that share something: how many, and the longest silent of them.
private struct Crowd {
    let now: UInt32
    private(set) var count = 0
    private(set) var oldest: Int?
    private var silence: UInt16 = 0

    init(now: UInt32) { self.now = now }

    mutating func see<A>(_ slot: Int, _ peer: PeerEntry<A>) {
        count += 1
        let age = peer.silence(at: now)
        guard oldest == nil || age > silence else { return }
        oldest = slot
        silence = age
    }
}
