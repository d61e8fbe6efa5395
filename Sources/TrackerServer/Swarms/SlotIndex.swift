/// Finds places in a peer table by a hash of what stands there: open addressing over four-byte cells, so that large
/// swarms pay five to six bytes an entry.
///
/// The index holds no keys; the table is passed to every call. Twelve bits of the hash stand beside each place, so that
/// hardly any entry is looked at that is not the one. It grows by a quarter at four fifths full.
struct SlotIndex<Key: SlotKey>: Sendable {
    /// A place plus one in the lower 20 bits, the hash's mark above; zero is an empty cell.
    private var cells: [UInt32] = []
    private var count = 0
    private static var placeMask: UInt32 { 0x000f_ffff }

    /// The place whose entry has the hash and passes the test.
    func first<A>(_ hash: SlotHash, in peers: [PeerEntry<A>], where matches: (PeerEntry<A>) -> Bool) -> Int? {
        guard !cells.isEmpty else { return nil }
        var cell = home(hash)
        while cells[cell] != 0 {
            if cells[cell] & ~Self.placeMask == hash.mark {
                let slot = slot(in: cell)
                if matches(peers[slot]) { return slot }
            }
            cell = next(cell)
        }
        return nil
    }

    /// Calls `body` with every place that can have the hash's home, whatever its mark.
    func forEach(at hash: SlotHash, _ body: (Int) -> Void) {
        guard !cells.isEmpty else { return }
        var cell = home(hash)
        while cells[cell] != 0 {
            body(slot(in: cell))
            cell = next(cell)
        }
    }

    /// Adds a place that is not in the index.
    mutating func insert<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        if (count + 1) * 5 > cells.count * 4 { resize(to: max(64, cells.count + cells.count / 4), peers) }
        let hash = Key.hash(peers[slot])
        put(hash.mark | UInt32(truncatingIfNeeded: slot + 1), hash)
        count += 1
    }

    /// Takes a place out; its entry must still stand in the table.
    mutating func remove<A>(_ slot: Int, in peers: [PeerEntry<A>]) {
        guard var hole = cell(of: slot, Key.hash(peers[slot])) else { return }
        count -= 1
        var cell = next(hole)
        while cells[cell] != 0 {
            // A later entry may fill the hole unless its own cell lies between hole and entry.
            let home = home(Key.hash(peers[self.slot(in: cell)]))
            if distance(home, cell) >= distance(hole, cell) {
                cells[hole] = cells[cell]
                hole = cell
            }
            cell = next(cell)
        }
        cells[hole] = 0
    }

    /// Notes that the entries at two places are about to change places; they must still stand where they stood.
    mutating func swap<A>(_ first: Int, _ second: Int, in peers: [PeerEntry<A>]) {
        let firstCell = cell(of: first, Key.hash(peers[first]))
        let secondCell = cell(of: second, Key.hash(peers[second]))
        if let firstCell { setSlot(second, in: firstCell) }
        if let secondCell { setSlot(first, in: secondCell) }
    }

    /// Gives memory back when a quarter of it would do.
    mutating func trim<A>(_ peers: [PeerEntry<A>]) {
        if cells.count > 64, count * 3 < cells.count { resize(to: max(64, count * 3 / 2), peers) }
    }

    private func home(_ hash: SlotHash) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash.home) &* UInt64(cells.count)) >> 32)
    }

    private func next(_ cell: Int) -> Int { cell + 1 == cells.count ? 0 : cell + 1 }

    private func slot(in cell: Int) -> Int { Int(cells[cell] & Self.placeMask) - 1 }

    private mutating func setSlot(_ slot: Int, in cell: Int) {
        cells[cell] = cells[cell] & ~Self.placeMask | UInt32(truncatingIfNeeded: slot + 1)
    }

    /// Cells from one to another, going up and round.
    private func distance(_ from: Int, _ to: Int) -> Int { to >= from ? to - from : to - from + cells.count }

    private func cell(of slot: Int, _ hash: SlotHash) -> Int? {
        guard !cells.isEmpty else { return nil }
        let wanted = hash.mark | UInt32(truncatingIfNeeded: slot + 1)
        var cell = home(hash)
        while cells[cell] != 0 {
            if cells[cell] == wanted { return cell }
            cell = next(cell)
        }
        return nil
    }

    private mutating func put(_ value: UInt32, _ hash: SlotHash) {
        var cell = home(hash)
        while cells[cell] != 0 { cell = next(cell) }
        cells[cell] = value
    }

    private mutating func resize<A>(to size: Int, _ peers: [PeerEntry<A>]) {
        let old = cells
        cells = [UInt32](repeating: 0, count: size)
        for value in old where value != 0 {
            put(value, Key.hash(peers[Int(value & Self.placeMask) - 1]))
        }
    }
}
