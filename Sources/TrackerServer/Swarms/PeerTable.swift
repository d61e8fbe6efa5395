/// The peers of one swarm in one address family, side by side: first all that are no seeders, then the seeders.
///
/// The border between them makes "no seeders for seeders" a choice of range, and a random sample a walk from a random
/// place. Small tables are searched from end to end; larger ones keep indexes: by endpoint of all entries, by peer id
/// and key of those that stand for a client in the counts.
struct PeerTable<Address: PeerAddress>: Sendable {
    /// Above this many entries indexes pay for their memory.
    private static var indexThreshold: Int { 160 }

    private(set) var peers: [PeerEntry<Address>] = []
    /// How many entries at the front are no seeders.
    private(set) var border = 0
    private var isIndexed = false
    private var endpoints = SlotIndex<EndpointKey>()
    private var peerTags = SlotIndex<PeerTagKey>()
    private var keyTags = SlotIndex<KeyTagKey>()

    var count: Int { peers.count }

    /// Where the entry of an endpoint stands.
    func slot(_ address: Address, _ port: UInt16) -> Int? {
        guard isIndexed else { return peers.firstIndex { $0.address == address && $0.port == port } }
        return endpoints.first(EndpointKey.hash(address, port), in: peers) { $0.address == address && $0.port == port }
    }

    /// Where the entry stands that counts for a client.
    func counted(peerTag: UInt32, keyTag: UInt32) -> Int? {
        guard isIndexed else {
            return peers.firstIndex {
                $0.marks.contains(.counted) && $0.isSameClient(peerTag: peerTag, keyTag: keyTag)
            }
        }
        if let slot = peerTags.first(Int(peerTag), in: peers, where: { $0.peerTag == peerTag }) { return slot }
        guard keyTag != 0 else { return nil }
        return keyTags.first(Int(keyTag), in: peers) { $0.keyTag == keyTag }
    }

    /// Any entry of a client, whether it counts or not: a walk over the table.
    func any(peerTag: UInt32, keyTag: UInt32) -> Int? {
        peers.firstIndex { $0.isSameClient(peerTag: peerTag, keyTag: keyTag) }
    }

    /// Adds an entry whose endpoint is not in the table, and says where it stands.
    @discardableResult
    mutating func insert(_ peer: PeerEntry<Address>) -> Int {
        peers.append(peer)
        var slot = peers.count - 1
        if isIndexed {
            addToIndexes(slot)
        } else if peers.count > Self.indexThreshold {
            isIndexed = true
            for slot in peers.indices { addToIndexes(slot) }
        }
        if !peer.marks.contains(.seeder) {
            swap(slot, border)
            slot = border
            border += 1
        }
        return slot
    }

    /// Takes an entry out; the last entries of both parts close the gap.
    @discardableResult
    mutating func remove(_ slot: Int) -> PeerEntry<Address> {
        let peer = peers[slot]
        var hole = slot
        if hole < border {
            border -= 1
            swap(hole, border)
            hole = border
        }
        swap(hole, peers.count - 1)
        removeFromIndexes(peers.count - 1)
        peers.removeLast()
        if isIndexed, peers.count < Self.indexThreshold / 2 { dropIndexes() }
        return peer
    }

    mutating func refresh(_ slot: Int, now: UInt32) {
        peers[slot].seen = UInt16(truncatingIfNeeded: now)
    }

    mutating func mark(_ slot: Int, _ marks: PeerMarks) {
        peers[slot].marks.formUnion(marks)
    }

    /// Makes an entry the one that counts for its client.
    mutating func count(_ slot: Int) {
        guard !peers[slot].marks.contains(.counted) else { return }
        peers[slot].marks.insert(.counted)
        guard isIndexed else { return }
        peerTags.insert(slot, in: peers)
        if peers[slot].keyTag != 0 { keyTags.insert(slot, in: peers) }
    }

    /// Changes whether an entry is a seeder or a partial seed, and says where it stands now.
    mutating func setStatus(_ slot: Int, _ status: PeerMarks) -> Int {
        let wasSeeder = peers[slot].marks.contains(.seeder)
        peers[slot].marks.subtract(.status)
        peers[slot].marks.formUnion(status)
        guard wasSeeder != status.contains(.seeder) else { return slot }
        if wasSeeder {
            swap(slot, border)
            border += 1
            return border - 1
        }
        border -= 1
        swap(slot, border)
        return border
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        guard first != second else { return }
        if isIndexed {
            endpoints.swap(first, second, in: peers)
            peerTags.swap(first, second, in: peers)
            keyTags.swap(first, second, in: peers)
        }
        peers.swapAt(first, second)
    }

    private mutating func addToIndexes(_ slot: Int) {
        endpoints.insert(slot, in: peers)
        guard peers[slot].marks.contains(.counted) else { return }
        peerTags.insert(slot, in: peers)
        if peers[slot].keyTag != 0 { keyTags.insert(slot, in: peers) }
    }

    private mutating func removeFromIndexes(_ slot: Int) {
        guard isIndexed else { return }
        endpoints.remove(slot, in: peers)
        guard peers[slot].marks.contains(.counted) else { return }
        peerTags.remove(slot, in: peers)
        if peers[slot].keyTag != 0 { keyTags.remove(slot, in: peers) }
    }

    private mutating func dropIndexes() {
        isIndexed = false
        endpoints = SlotIndex()
        peerTags = SlotIndex()
        keyTags = SlotIndex()
    }
}
