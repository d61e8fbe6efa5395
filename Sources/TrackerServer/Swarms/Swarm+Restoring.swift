import ByteCoding

/// Peers that come from a snapshot, or from the same swarm under another hash.
extension Swarm {
    /// Everything a snapshot keeps of the peers.
    func snapshot(now: UInt32, heads: ClientHeads) -> [SnapshotPeer] {
        v4.peers.map { SnapshotPeer($0, now: now, heads: heads) }
            + v6.peers.map { SnapshotPeer($0, now: now, heads: heads) }
    }

    /// Takes peers in that are not known and not silent for too long, `age` seconds after their snapshot; returns how
    /// many. They expire as if they had announced when they last did.
    mutating func restore(
        _ peers: [SnapshotPeer], age: Int, lifetime: UInt16, _ terms: SwarmTerms, heads: ClientHeads
    ) -> Int {
        var count = 0
        // Those that stood for their clients in the counts come first, so that they do so again.
        for isCounted in [true, false] {
            for peer in peers where peer.marks.contains(.counted) == isCounted {
                let silence = Int(peer.silence) + max(0, min(age, 1 << 30))
                guard peer.port > 0, silence <= Int(lifetime) else { continue }
                let seen = UInt16(truncatingIfNeeded: terms.now &- UInt32(silence))
                if take(peer, seen: seen, client: heads.number(of: peer.head), terms) { count += 1 }
            }
        }
        return count
    }

    /// Takes in the peers of another swarm.
    mutating func merge(_ other: Swarm, _ terms: SwarmTerms) {
        for isCounted in [true, false] {
            for entry in other.v4.peers where entry.marks.contains(.counted) == isCounted {
                _ = Self.take(entry, in: &v4, beside: &v6, &tally, terms)
            }
            for entry in other.v6.peers where entry.marks.contains(.counted) == isCounted {
                _ = Self.take(entry, in: &v6, beside: &v4, &tally, terms)
            }
        }
    }

    private mutating func take(_ peer: SnapshotPeer, seen: UInt16, client: UInt16, _ terms: SwarmTerms) -> Bool {
        if let address = IPv4PeerAddress(peer.address) {
            let entry = PeerEntry(peer, at: address, seen: seen, client: client)
            return Self.take(entry, in: &v4, beside: &v6, &tally, terms)
        }
        guard let address = IPv6PeerAddress(peer.address) else { return false }
        let entry = PeerEntry(peer, at: address, seen: seen, client: client)
        return Self.take(entry, in: &v6, beside: &v4, &tally, terms)
    }

    private static func take<Own, Other>(
        _ entry: PeerEntry<Own>, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>,
        _ tally: inout Tally, _ terms: SwarmTerms
    ) -> Bool {
        guard own.count < terms.peersPerSwarm, own.slot(entry.address, entry.port) == nil else { return false }
        let slot = add(entry, to: &own, beside: &other, &tally)
        let marks = own.peers[slot].marks
        guard marks.contains(.completed), !marks.contains(.counted) else { return true }
        // The one that counts for the client has to know that its download was counted.
        if let twin = own.counted(peerTag: entry.peerTag, keyTag: entry.keyTag) {
            own.mark(twin, .completed)
        } else if let twin = other.counted(peerTag: entry.peerTag, keyTag: entry.keyTag) {
            other.mark(twin, .completed)
        }
        return true
    }
}

extension PeerEntry {
    fileprivate init(_ peer: SnapshotPeer, at address: Address, seen: UInt16, client: UInt16) {
        var marks = PeerMarks(scope: address.address.scope).union(peer.marks.intersection(SnapshotPeer.kept))
        // Only one of the two can be.
        if marks.contains(.seeder) { marks.remove(.partialSeed) }
        self.init(
            address: address, port: peer.port, seen: seen, peerTag: peer.peerTag, keyTag: peer.keyTag, marks: marks,
            uploaded: peer.uploaded, downloaded: peer.downloaded, progress: peer.progress, client: client)
    }
}
