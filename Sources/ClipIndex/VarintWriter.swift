/// Appends numbers in as few bytes as they need: seven bits a byte, lowest first (LEB128).
public struct VarintWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8]

    /// A writer that goes on after `bytes`.
    public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// Appends one byte as it is.
    public mutating func write(byte: UInt8) { bytes.append(byte) }

    /// Appends a number in 1 to 10 bytes.
    public mutating func write(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed number so that small negative ones are short too (zigzag).
    public mutating func write(signed value: Int64) {
        write(Self.zigzag(value))
    }

    /// Appends bytes after their count.
    public mutating func write(counted data: [UInt8]) {
        write(UInt64(data.count))
        bytes.append(contentsOf: data)
    }

    /// How many bytes `write(_:)` appends for a number.
    static func size(_ value: UInt64) -> Int { value == 0 ? 1 : (70 - value.leadingZeroBitCount) / 7 }

    /// How many bytes `write(signed:)` appends for a number.
    static func size(signed value: Int64) -> Int { size(zigzag(value)) }

    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }
}
