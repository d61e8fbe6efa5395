import ByteCoding
public import Metainfo

/// The 160-bit name of a node of the DHT, or of the place a torrent's peers are kept at (BEP 5).
public struct NodeID: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// How many bytes an id has.
    public static let byteCount = 20
    /// How many bits an id has.
    public static let bitCount = 160

    /// An id from its bytes as big-endian words.
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// An id from its 20 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        first = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        second = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        third = bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The place of a torrent: its hash, bit for bit.
    public init(_ hash: InfoHash) {
        let words = Self(bytes: hash.bytes)
        // A hash has 20 bytes, so this is never the other.
        self = words ?? NodeID(0, 0, 0)
    }

    /// The torrent whose place this is.
    public var infoHash: InfoHash? { InfoHash(bytes: bytes) }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the 20 bytes.
    public func append(to out: inout [UInt8]) {
        out.append(bigEndian: first)
        out.append(bigEndian: second)
        out.append(bigEndian: third)
    }

    /// The first 32 bits as a number.
    var head: UInt32 { UInt32(truncatingIfNeeded: first >> 32) }

    /// The last byte.
    var lastByte: UInt8 { UInt8(truncatingIfNeeded: third) }

    /// How far two ids are apart: their bits compared by exclusive or, read as a number (Kademlia).
    public func distance(to other: NodeID) -> NodeID {
        NodeID(first ^ other.first, second ^ other.second, third ^ other.third)
    }

    /// How many leading bits two ids share: 0...160.
    public func sharedPrefix(with other: NodeID) -> Int {
        if first != other.first { return (first ^ other.first).leadingZeroBitCount }
        if second != other.second { return 64 + (second ^ other.second).leadingZeroBitCount }
        return 128 + (third ^ other.third).leadingZeroBitCount
    }

    /// The id that has the first `length` bits of this one, then one other bit, then those of `random`:
    /// a place in one bucket of a routing table. `length` is cut to 0...159.
    public func neighbour(sharing length: Int, random: NodeID) -> NodeID {
        let kept = min(max(0, length), Self.bitCount - 1)
        // Bits are counted from the front; a smart shift beyond the width gives zero.
        func word<T: FixedWidthInteger & UnsignedInteger>(_ own: T, _ other: T, at start: Int) -> T {
            let mask = ~(T.max >> max(0, kept - start))
            let flipped: T = kept >= start ? (T(1) << (T.bitWidth - 1)) >> (kept - start) : 0
            return own & mask | ((own ^ flipped) & flipped) | other & ~mask & ~flipped
        }
        return NodeID(
            word(first, random.first, at: 0), word(second, random.second, at: 64), word(third, random.third, at: 128))
    }
}

extension NodeID: Comparable {
    /// The order of the bytes.
    public static func < (left: NodeID, right: NodeID) -> Bool {
        (left.first, left.second, left.third) < (right.first, right.second, right.third)
    }
}

extension NodeID: CustomStringConvertible {
    /// The 40 hexadecimal digits, lower case.
    public var description: String { Hex.encode(bytes) }
}
