/// What large peer tables keep to find entries without a walk.
struct PeerIndexes: Sendable {
    var endpoints = SlotIndex<EndpointKey>()
    var peerTags = SlotIndex<PeerTagKey>()
    /// Of the entries that have a key.
    var keyTags = SlotIndex<KeyTagKey>()

    mutating func insert<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        endpoints.insert(slot, in: peers)
        peerTags.insert(slot, in: peers)
        if peers[slot].keyTag != 0 { keyTags.insert(slot, in: peers) }
    }

    mutating func remove<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        endpoints.remove(slot, in: peers)
        peerTags.remove(slot, in: peers)
        if peers[slot].keyTag != 0 { keyTags.remove(slot, in: peers) }
    }

    mutating func swap<A>(_ first: Int, _ second: Int, in peers: [PeerEntry<A>]) {
        endpoints.swap(first, second, in: peers)
        peerTags.swap(first, second, in: peers)
        keyTags.swap(first, second, in: peers)
    }

    mutating func trim<A>(_ peers: [PeerEntry<A>]) {
        endpoints.trim(peers)
        peerTags.trim(peers)
        keyTags.trim(peers)
    }
}
