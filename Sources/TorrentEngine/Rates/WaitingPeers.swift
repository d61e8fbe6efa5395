/// Peers that wait for bytes of a limited rate, in the order they came: each gets its turn.
struct WaitingPeers: Sendable {
    private var queue: [PeerNumber] = []
    private var members: Set<PeerNumber> = []

    /// Whether nobody waits.
    var isEmpty: Bool { members.isEmpty }

    /// Puts a peer at the end, unless it waits already.
    mutating func add(_ peer: PeerNumber) {
        guard members.insert(peer).inserted else { return }
        queue.append(peer)
    }

    /// The peer has gone, or needs nothing any more.
    mutating func remove(_ peer: PeerNumber) {
        guard members.remove(peer) != nil else { return }
        queue.removeAll { $0 == peer }
    }

    /// Takes out all who wait now, the longest first. Who is still not served joins again, in the same order.
    mutating func takeAll() -> [PeerNumber] {
        defer {
            queue.removeAll(keepingCapacity: true)
            members.removeAll(keepingCapacity: true)
        }
        return queue
    }
}
