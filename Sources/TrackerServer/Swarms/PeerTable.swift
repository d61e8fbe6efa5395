/// The peers of one swarm in one address family, side by side: first all that are no seeders, then the seeders.
///
/// The border between them makes "no seeders for seeders" a choice of range, and a random sample a walk from a random
/// place. Small tables are searched from end to end; larger ones keep indexes.
struct PeerTable<Address: PeerAddress>: Sendable {
    /// Above this many entries indexes pay for their memory.
    static var indexThreshold: Int { 160 }

    var peers: [PeerEntry<Address>] = []
    /// How many entries at the front are no seeders.
    private(set) var border = 0
    /// None or one: an empty list takes no memory in the thousands of swarms that are small.
    private var indexes: [PeerIndexes] = []

    var count: Int { peers.count }
    private var isIndexed: Bool { !indexes.isEmpty }

    /// Where the entry of an endpoint stands.
    func slot(_ address: Address, _ port: UInt16) -> Int? {
        guard isIndexed else { return peers.firstIndex { $0.port == port && $0.address == address } }
        return indexes[0].endpoints.first(EndpointKey.hash(address, port), in: peers) {
            $0.port == port && $0.address == address
        }
    }

    /// Where the entry stands that counts for a client.
    func counted(peerTag: UInt32, keyTag: UInt32) -> Int? {
        var found: Int?
        forEach(peerTag: peerTag, keyTag: keyTag) { slot in
            if found == nil, peers[slot].marks.contains(.counted) { found = slot }
        }
        return found
    }

    /// Calls `body` with the place of every entry of a client.
    func forEach(peerTag: UInt32, keyTag: UInt32, _ body: (Int) -> Void) {
        guard isIndexed else {
            for slot in peers.indices where peers[slot].isSameClient(peerTag: peerTag, keyTag: keyTag) { body(slot) }
            return
        }
        indexes[0].peerTags.forEach(at: SlotHash(tag: peerTag)) { slot in
            if peers[slot].peerTag == peerTag { body(slot) }
        }
        guard keyTag != 0 else { return }
        indexes[0].keyTags.forEach(at: SlotHash(tag: keyTag)) { slot in
            if peers[slot].keyTag == keyTag, peers[slot].peerTag != peerTag { body(slot) }
        }
    }

    /// Calls `body` with the place of every entry in an address's network: IPv4 address, or /64 of IPv6.
    func forEach(near address: Address, _ body: (Int) -> Void) {
        guard isIndexed else {
            for slot in peers.indices where peers[slot].address.network == address.network { body(slot) }
            return
        }
        indexes[0].endpoints.forEach(at: EndpointKey.hash(address, 0)) { slot in
            if peers[slot].address.network == address.network { body(slot) }
        }
    }

    /// Adds an entry whose endpoint is not in the table, and says where it stands.
    @discardableResult
    mutating func insert(_ peer: PeerEntry<Address>) -> Int {
        // Doubling would leave a quarter of all memory unused.
        if peers.count == peers.capacity { peers.reserveCapacity(peers.count + max(2, peers.count / 8)) }
        peers.append(peer)
        var slot = peers.count - 1
        if isIndexed {
            indexes[0].insert(slot, in: peers)
        } else if peers.count > Self.indexThreshold {
            indexes = [PeerIndexes()]
            for slot in peers.indices { indexes[0].insert(slot, in: peers) }
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
        if isIndexed { indexes[0].remove(peers.count - 1, in: peers) }
        peers.removeLast()
        if peers.count < Self.indexThreshold / 2 { indexes = [] }
        return peer
    }

    /// Changes an entry; not its status, address, port and tags, by which it is found.
    mutating func change(_ slot: Int, _ body: (inout PeerEntry<Address>) -> Void) { body(&peers[slot]) }

    mutating func mark(_ slot: Int, _ marks: PeerMarks) { peers[slot].marks.formUnion(marks) }

    /// Notes when an entry was handed out, in the coarse time of the hand-out.
    mutating func noteHanded(_ slot: Int, _ time: UInt8) { peers[slot].handed = time }

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

    /// Gives memory back after many entries have gone.
    mutating func trim() {
        if peers.capacity > 2 * peers.count + 16 {
            var tight: [PeerEntry<Address>] = []
            tight.reserveCapacity(peers.count + peers.count / 8)
            tight.append(contentsOf: peers)
            peers = tight
        }
        if isIndexed { indexes[0].trim(peers) }
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        guard first != second else { return }
        if isIndexed { indexes[0].swap(first, second, in: peers) }
        peers.swapAt(first, second)
    }
}
