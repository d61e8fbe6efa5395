/// Which pieces a peer has, one bit each, the first piece in the highest bit of the first byte (BEP 3).
public struct Bitfield: Hashable, Sendable {
    /// The bits as on the wire; spare bits at the end are zero.
    public private(set) var bytes: [UInt8]
    /// How many pieces there are.
    public let count: Int
    /// How many pieces are set.
    public private(set) var setCount: Int

    /// No piece set. A negative count is none.
    public init(count: Int) {
        self.count = max(0, count)
        bytes = [UInt8](repeating: 0, count: Self.byteCount(of: self.count))
        setCount = 0
    }

    /// Every piece set. A negative count is none.
    public init(full count: Int) {
        self.init(count: count)
        for index in bytes.indices { bytes[index] = 0xff }
        if let last = bytes.indices.last { bytes[last] = ~Self.spareMask(of: self.count) }
        setCount = self.count
    }

    /// What a peer sent; nil when the number of bytes is wrong or a spare bit is set.
    public init?(bytes: [UInt8], count: Int) {
        guard count >= 0, bytes.count == Self.byteCount(of: count) else { return nil }
        if let last = bytes.last, last & Self.spareMask(of: count) != 0 { return nil }
        self.bytes = bytes
        self.count = count
        setCount = bytes.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Whether a piece is set. A piece that does not exist is not set, and setting it changes nothing.
    public subscript(index: Int) -> Bool {
        get {
            guard index >= 0, index < count else { return false }
            return bytes[index / 8] & (0x80 >> UInt8(index % 8)) != 0
        }
        set {
            guard index >= 0, index < count, newValue != self[index] else { return }
            bytes[index / 8] ^= 0x80 >> UInt8(index % 8)
            setCount += newValue ? 1 : -1
        }
    }

    /// Whether a piece is set. A piece that does not exist is not set, and setting it changes nothing.
    public subscript(piece: PieceIndex) -> Bool {
        get { self[Int(piece.rawValue)] }
        set { self[Int(piece.rawValue)] = newValue }
    }

    /// Whether every piece is set.
    public var isFull: Bool { setCount == count }
    /// Whether no piece is set.
    public var isEmpty: Bool { setCount == 0 }

    private static func byteCount(of count: Int) -> Int { count / 8 + (count % 8 == 0 ? 0 : 1) }

    /// The bits of the last byte that stand for no piece.
    private static func spareMask(of count: Int) -> UInt8 { count % 8 == 0 ? 0 : 0xff >> UInt8(count % 8) }
}
