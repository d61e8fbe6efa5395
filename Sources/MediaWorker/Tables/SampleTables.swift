/// Sizes of samples: one for all, or a table (`stsz`, `stz2`).
struct SampleSizes {
    let count: Int
    private let table: BigEndianBytes
    private let constant: UInt32
    private let bits: Int
    /// Where the table's entries begin.
    private static let start = 12
    /// Constant sizes up to this are those of bare PCM, whose true frame size lies elsewhere.
    private static let frameSize: UInt32 = 64

    init?(_ tables: BigEndianBytes) {
        if let table = tables.box("stsz"), let constant = table.u32(4), let count = table.u32(8) {
            guard constant == 0 || constant > Self.frameSize else { return nil }
            self.init(table, constant: constant, bits: 32, count: Int(count))
        } else if let table = tables.box("stz2"), let bits = table.u8(7), let count = table.u32(8) {
            guard bits == 8 || bits == 16 else { return nil }
            self.init(table, constant: 0, bits: Int(bits), count: Int(count))
        } else {
            return nil
        }
    }

    private init?(_ table: BigEndianBytes, constant: UInt32, bits: Int, count: Int) {
        guard constant > 0 || count <= (table.count - Self.start) / (bits / 8) else { return nil }
        self.table = table
        self.constant = constant
        self.bits = bits
        self.count = count
    }

    subscript(index: Int) -> UInt32? {
        if constant > 0 { return constant }
        switch bits {
        case 32: return table.u32(Self.start + index * 4)
        case 16: return table.u16(Self.start + index * 2).map(UInt32.init)
        default: return table.u8(Self.start + index).map(UInt32.init)
        }
    }
}

/// Where chunks begin (`stco`, `co64`).
struct ChunkOffsets {
    let count: Int
    private let table: BigEndianBytes
    private let isLong: Bool

    init?(_ tables: BigEndianBytes) {
        let short = tables.box("stco")
        guard let table = short ?? tables.box("co64"), let count = table.u32(4) else { return nil }
        self.table = table
        isLong = short == nil
        self.count = Int(count)
        guard self.count <= (table.count - 8) / (isLong ? 8 : 4) else { return nil }
    }

    subscript(index: Int) -> UInt64? {
        isLong ? table.u64(8 + index * 8) : table.u32(8 + index * 4).map(UInt64.init)
    }
}

/// How many samples each chunk has (`stsc`), asked for chunk after chunk.
struct ChunkRuns {
    private let table: BigEndianBytes
    private let count: Int
    private var run = 0

    init(_ table: BigEndianBytes) {
        self.table = table
        count = min(table.u32(4).map(Int.init) ?? 0, max(0, (table.count - 8) / 12))
    }

    mutating func samples(inChunk chunk: Int) -> Int? {
        while run + 1 < count, let next = table.u32(8 + (run + 1) * 12), Int(next) <= chunk + 1 { run += 1 }
        guard run < count, let first = table.u32(8 + run * 12), Int(first) <= chunk + 1 else { return nil }
        return table.u32(8 + run * 12 + 4).map(Int.init)
    }
}

/// When samples are shown and which are key frames (`stts`, `ctts`, `stss`), asked for sample after sample.
struct SampleClock {
    private var durations: RunLengths
    private var compositions: RunLengths?
    private let keys: BigEndianBytes?
    private var nextKey = 0
    private var sample: UInt32 = 0
    private var decodeTime: Int64 = 0

    init(durations: BigEndianBytes, compositions: BigEndianBytes?, keys: BigEndianBytes?) {
        self.durations = RunLengths(durations)
        self.compositions = compositions.map(RunLengths.init)
        self.keys = keys
    }

    /// The next sample's composition time and duration in track units; nil when a table has ended too early.
    mutating func next() -> (time: Int64, duration: Int64, isKey: Bool)? {
        guard let duration = durations.next(), decodeTime < 1 << 52 else { return nil }
        let offset = compositions == nil ? 0 : compositions?.next() ?? 0
        let time = decodeTime + Int64(Int32(bitPattern: offset))
        decodeTime += Int64(duration)
        sample &+= 1
        return (time, Int64(duration), isKey())
    }

    private mutating func isKey() -> Bool {
        guard let keys else { return true }
        while let key = keys.u32(8 + nextKey * 4), key < sample { nextKey += 1 }
        return keys.u32(8 + nextKey * 4) == sample
    }
}

/// A table of counts and values, handed out value by value. The last run goes on for ever only if it has a count.
struct RunLengths {
    private let table: BigEndianBytes
    private let count: Int
    private var run = -1
    private var left: UInt32 = 0
    private var value: UInt32 = 0

    init(_ table: BigEndianBytes) {
        self.table = table
        count = min(table.u32(4).map(Int.init) ?? 0, max(0, (table.count - 8) / 8))
    }

    mutating func next() -> UInt32? {
        while left == 0 {
            run += 1
            guard run < count, let length = table.u32(8 + run * 8), let next = table.u32(12 + run * 8) else {
                return nil
            }
            left = length
            value = next
        }
        left -= 1
        return value
    }
}
