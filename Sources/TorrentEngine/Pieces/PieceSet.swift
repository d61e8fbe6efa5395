import Metainfo

/// A set of pieces, 64 to a word, so that two sets are searched together quickly. What lies outside is not in it.
struct PieceSet: Sendable, Equatable {
    /// The first piece of each word in its highest bit, as on the wire.
    private(set) var words: [UInt64]
    /// How many pieces there could be.
    let count: Int
    /// How many pieces are in it.
    private(set) var setCount = 0

    /// The empty set.
    init(count: Int) {
        self.count = max(0, count)
        words = [UInt64](repeating: 0, count: (self.count + 63) / 64)
    }

    /// The pieces of a bitfield; those past `count` are left out.
    init(_ bitfield: Bitfield, count: Int) {
        self.init(count: count)
        let bytes = bitfield.bytes
        for index in words.indices {
            var word: UInt64 = 0
            for offset in index * 8..<index * 8 + 8 {
                word = word << 8 | (offset < bytes.count ? UInt64(bytes[offset]) : 0)
            }
            words[index] = word
        }
        if self.count % 64 != 0, let last = words.indices.last {
            words[last] &= ~(UInt64.max >> UInt64(self.count % 64))
        }
        setCount = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    subscript(piece: Int) -> Bool {
        get { piece >= 0 && piece < count && words[piece >> 6] & Self.bit(piece) != 0 }
        set {
            guard piece >= 0, piece < count, newValue != self[piece] else { return }
            words[piece >> 6] ^= Self.bit(piece)
            setCount += newValue ? 1 : -1
        }
    }

    var isEmpty: Bool { setCount == 0 }
    var isFull: Bool { setCount == count }

    mutating func insert(_ pieces: ClosedRange<Int>) {
        for piece in pieces.clamped(to: 0...max(0, count - 1)) { self[piece] = true }
    }

    mutating func subtract(_ other: PieceSet) {
        setCount = 0
        for index in words.indices {
            if index < other.words.count { words[index] &= ~other.words[index] }
            setCount += words[index].nonzeroBitCount
        }
    }

    /// The first piece at or after `start` and before `end`.
    func first(from start: Int, to end: Int) -> Int? {
        search(from: start, to: end) { words[$0] }
    }

    /// The first piece at or after `start` and before `end` that is in both.
    func firstCommon(with other: PieceSet, from start: Int, to end: Int) -> Int? {
        search(from: start, to: min(end, other.count)) { words[$0] & other.words[$0] }
    }

    /// How many pieces are in both.
    func commonCount(with other: PieceSet) -> Int {
        var common = 0
        for index in 0..<min(words.count, other.words.count) {
            common += (words[index] & other.words[index]).nonzeroBitCount
        }
        return common
    }

    /// Calls `body` with every piece, in ascending order.
    func forEach(_ body: (Int) -> Void) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                let lead = word.leadingZeroBitCount
                body(index << 6 + lead)
                word &= ~(1 << UInt64(63 - lead))
            }
        }
    }

    @inline(__always)
    private func search(from start: Int, to end: Int, word: (Int) -> UInt64) -> Int? {
        let start = max(0, start)
        let end = min(end, count)
        guard start < end else { return nil }
        var index = start >> 6
        var bits = word(index) & (UInt64.max >> UInt64(start & 63))
        let last = (end - 1) >> 6
        while bits == 0 {
            guard index < last else { return nil }
            index += 1
            bits = word(index)
        }
        let found = index << 6 + bits.leadingZeroBitCount
        return found < end ? found : nil
    }

    private static func bit(_ piece: Int) -> UInt64 { 1 << UInt64(63 - piece & 63) }
}
