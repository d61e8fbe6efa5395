/// Finds places in a peer table by a hash of what stands there: open addressing over four-byte cells.
///
/// The index holds no keys; the table is passed to every call. It grows at three quarters full.
struct SlotIndex<Key: SlotKey>: Sendable {
    /// A place plus one; zero is an empty cell.
    private var cells: [UInt32] = []
    private var count = 0

    /// The place whose entry has the hash and passes the test.
    func first<A>(_ hash: Int, in peers: [PeerEntry<A>], where matches: (PeerEntry<A>) -> Bool) -> Int? {
        guard !cells.isEmpty else { return nil }
        var cell = hash & (cells.count - 1)
        while cells[cell] != 0 {
            let slot = Int(cells[cell]) - 1
            if matches(peers[slot]) { return slot }
            cell = (cell + 1) & (cells.count - 1)
        }
        return nil
    }

    /// Adds a place that is not in the index.
    mutating func insert<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        if (count + 1) * 4 > cells.count * 3 { grow(peers) }
        place(slot, hash: Key.hash(peers[slot]))
        count += 1
    }

    /// Takes a place out; its entry must still stand in the table.
    mutating func remove<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        guard var hole = cell(of: slot, hash: Key.hash(peers[slot])) else { return }
        count -= 1
        var next = (hole + 1) & (cells.count - 1)
        while cells[next] != 0 {
            // A later entry may fill the hole unless its own cell lies between hole and entry.
            let home = Key.hash(peers[Int(cells[next]) - 1]) & (cells.count - 1)
            if (next - home) & (cells.count - 1) >= (next - hole) & (cells.count - 1) {
                cells[hole] = cells[next]
                hole = next
            }
            next = (next + 1) & (cells.count - 1)
        }
        cells[hole] = 0
    }

    /// Notes that the entries at two places are about to change places; they must still stand where they stood.
    mutating func swap<A>(_ first: Int, _ second: Int, in peers: [PeerEntry<A>]) {
        let firstCell = cell(of: first, hash: Key.hash(peers[first]))
        let secondCell = cell(of: second, hash: Key.hash(peers[second]))
        if let firstCell { cells[firstCell] = UInt32(truncatingIfNeeded: second + 1) }
        if let secondCell { cells[secondCell] = UInt32(truncatingIfNeeded: first + 1) }
    }

    private func cell(of slot: Int, hash: Int) -> Int? {
        guard !cells.isEmpty else { return nil }
        var cell = hash & (cells.count - 1)
        while cells[cell] != 0 {
            if Int(cells[cell]) == slot + 1 { return cell }
            cell = (cell + 1) & (cells.count - 1)
        }
        return nil
    }

    private mutating func place(_ slot: Int, hash: Int) {
        var cell = hash & (cells.count - 1)
        while cells[cell] != 0 { cell = (cell + 1) & (cells.count - 1) }
        cells[cell] = UInt32(truncatingIfNeeded: slot + 1)
    }

    private mutating func grow<A>(_ peers: [PeerEntry<A>]) {
        let old = cells
        cells = [UInt32](repeating: 0, count: max(64, old.count * 2))
        for cell in old where cell != 0 { place(Int(cell) - 1, hash: Key.hash(peers[Int(cell) - 1])) }
    }
}

/// By what a `SlotIndex` finds its entries.
protocol SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> Int
}

/// By address and port.
enum EndpointKey: SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> Int { hash(peer.address, peer.port) }

    /// Seeded by the process, so that nobody can choose addresses that collide.
    static func hash<A: PeerAddress>(_ address: A, _ port: UInt16) -> Int {
        var hasher = Hasher()
        hasher.combine(address)
        hasher.combine(port)
        return hasher.finalize()
    }
}

/// By peer id.
enum PeerTagKey: SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> Int { Int(peer.peerTag) }
}

/// By announce key.
enum KeyTagKey: SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> Int { Int(peer.keyTag) }
}
