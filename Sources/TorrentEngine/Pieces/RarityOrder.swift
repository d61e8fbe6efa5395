/// How many peers have each piece, and the pieces nobody has begun in that order, the rarest first.
///
/// The order is one array cut into a bucket for each number of peers. A piece that one peer more or fewer has moves by
/// one swap with the edge of its bucket; taking a piece out or in costs one move for each bucket above it. Peers that
/// have everything are not counted here: they make no piece rarer than another.
struct RarityOrder: Sendable {
    /// By piece: how many peers have it.
    private(set) var availability: [UInt16]
    /// The unbegun pieces by buckets.
    private(set) var order: [UInt32] = []
    /// By piece: where it stands in `order`, or -1.
    private var place: [Int32]
    /// Where each bucket begins in `order`; one more than there are buckets.
    private var starts: [Int] = [0, 0]
    /// How many pieces, begun or not, have each number of peers.
    private(set) var levels: [Int]

    init(pieceCount: Int) {
        availability = [UInt16](repeating: 0, count: pieceCount)
        place = [Int32](repeating: -1, count: pieceCount)
        levels = [pieceCount]
    }

    /// How many buckets there are.
    var bucketCount: Int { starts.count - 1 }

    /// The places in `order` of the unbegun pieces that so many peers have.
    func bucket(_ level: Int) -> Range<Int> { starts[level]..<starts[level + 1] }

    func contains(_ piece: Int) -> Bool { place[piece] >= 0 }

    // MARK: Peers

    /// One peer more has this piece.
    mutating func increment(_ piece: Int) {
        let level = Int(availability[piece])
        guard level < Int(UInt16.max) else { return }
        if level + 1 == levels.count { addLevel() }
        availability[piece] += 1
        levels[level] -= 1
        levels[level + 1] += 1
        guard place[piece] >= 0 else { return }
        starts[level + 1] -= 1
        swap(Int(place[piece]), starts[level + 1])
    }

    /// One peer fewer has this piece.
    mutating func decrement(_ piece: Int) {
        let level = Int(availability[piece])
        guard level > 0 else { return }
        availability[piece] -= 1
        levels[level] -= 1
        levels[level - 1] += 1
        guard place[piece] >= 0 else { return }
        swap(Int(place[piece]), starts[level])
        starts[level] += 1
    }

    // MARK: Order

    /// Replaces the unbegun pieces, in random order within their buckets.
    mutating func reset(_ pieces: PieceSet, using random: inout SeededRandom) {
        for piece in order { place[Int(piece)] = -1 }
        var shuffled: [UInt32] = []
        shuffled.reserveCapacity(pieces.setCount)
        pieces.forEach { shuffled.append(UInt32(truncatingIfNeeded: $0)) }
        shuffled.shuffle(using: &random)
        sort(shuffled)
    }

    /// Adds an unbegun piece.
    mutating func insert(_ piece: Int) {
        guard place[piece] < 0 else { return }
        let level = Int(availability[piece])
        var hole = order.count
        order.append(0)
        starts[bucketCount] += 1
        for bucket in (level + 1..<bucketCount).reversed() {
            let first = starts[bucket]
            if first != hole { put(order[first], at: hole) }
            starts[bucket] += 1
            hole = first
        }
        put(UInt32(truncatingIfNeeded: piece), at: hole)
    }

    /// Takes out a piece that has been begun, or is not wanted.
    mutating func remove(_ piece: Int) {
        guard place[piece] >= 0 else { return }
        var hole = Int(place[piece])
        for bucket in Int(availability[piece])..<bucketCount {
            starts[bucket + 1] -= 1
            let last = starts[bucket + 1]
            if last != hole { put(order[last], at: hole) }
            hole = last
        }
        order.removeLast()
        place[piece] = -1
    }

    // MARK: Private

    /// A counting sort by availability.
    private mutating func sort(_ pieces: [UInt32]) {
        starts = [Int](repeating: 0, count: levels.count + 1)
        for piece in pieces { starts[Int(availability[Int(piece)]) + 1] += 1 }
        for level in 1..<starts.count { starts[level] += starts[level - 1] }
        order = [UInt32](repeating: 0, count: pieces.count)
        var next = starts
        for piece in pieces {
            let level = Int(availability[Int(piece)])
            put(piece, at: next[level])
            next[level] += 1
        }
    }

    private mutating func addLevel() {
        levels.append(0)
        starts.append(order.count)
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        guard left != right else { return }
        let moved = order[left]
        put(order[right], at: left)
        put(moved, at: right)
    }

    private mutating func put(_ piece: UInt32, at index: Int) {
        order[index] = piece
        place[Int(piece)] = Int32(truncatingIfNeeded: index)
    }
}
