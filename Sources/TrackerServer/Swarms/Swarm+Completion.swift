/// How completed downloads are counted: once per client, whatever it says how often and from where.
extension Swarm {
    /// Whether a leecher leaves that has everything by now: its download counts as completed.
    static func leavesComplete<Own, Other>(
        _ announcement: Announcement, _ known: Int?, in own: inout PeerTable<Own>, beside other: inout PeerTable<Other>
    ) -> Bool {
        guard announcement.leavesComplete, let known, own.peers[known].peerTag == announcement.peerTag,
            own.peers[known].marks.isDisjoint(with: .status)
        else { return false }
        return complete(known, in: &own, beside: &other)
    }

    /// Marks a client's completion; false when it was marked before.
    static func complete<Own, Other>(
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
