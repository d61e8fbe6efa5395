extension RawSpan {
    /// The whole span as one big-endian number; nil where its length is another.
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(as type: Number.Type = Number.self) -> Number? {
        guard byteCount == MemoryLayout<Number>.size else { return nil }
        return Number(bigEndian: unsafeLoadUnaligned(as: Number.self))
    }

    /// The number in a `smallint`, `integer` or `bigint` column.
    func integer() throws(PostgresError) -> Int64 {
        switch byteCount {
        case 2: if let number = bigEndian(as: Int16.self) { return Int64(number) }
        case 4: if let number = bigEndian(as: Int32.self) { return Int64(number) }
        case 8: if let number = bigEndian(as: Int64.self) { return number }
        default: break
        }
        throw .badValue("whole number")
    }
}

extension [UInt8] {
    mutating func appendNetworkOrder<Number: FixedWidthInteger>(_ number: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}

/// A whole number, bound in its own width and read from any width that fits.
public protocol SQLInteger: FixedWidthInteger, SQLConvertible, SQLArrayElement {}

extension SQLInteger {
    /// Appends the number in network order.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) { bytes.appendNetworkOrder(self) }
    /// Reads a `smallint`, `integer` or `bigint`.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        guard let number = Self(exactly: try bytes.integer()) else { throw .badValue("\(Self.self)") }
        self = number
    }
}

extension Int: SQLInteger {
    /// `bigint`
    public static var sqlType: SQLType { .int8 }
    /// `bigint[]`
    public static var sqlArrayType: SQLType { .int8Array }
}

extension Int64: SQLInteger {
    /// `bigint`
    public static var sqlType: SQLType { .int8 }
    /// `bigint[]`
    public static var sqlArrayType: SQLType { .int8Array }
}

extension Int32: SQLInteger {
    /// `integer`
    public static var sqlType: SQLType { .int4 }
    /// `integer[]`
    public static var sqlArrayType: SQLType { .int4Array }
}

extension Int16: SQLInteger {
    /// `smallint`
    public static var sqlType: SQLType { .int2 }
    /// `smallint[]`
    public static var sqlArrayType: SQLType { .int2Array }
}

extension Bool: SQLConvertible, SQLArrayElement {
    /// `boolean`
    public static var sqlType: SQLType { .bool }
    /// `boolean[]`
    public static var sqlArrayType: SQLType { .boolArray }
    /// Appends one byte.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) { bytes.append(self ? 1 : 0) }
    /// Reads one byte.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        guard let byte = bytes.bigEndian(as: UInt8.self), byte <= 1 else { throw .badValue("boolean") }
        self = byte == 1
    }
}

extension Double: SQLConvertible, SQLArrayElement {
    /// `double precision`
    public static var sqlType: SQLType { .float8 }
    /// `double precision[]`
    public static var sqlArrayType: SQLType { .float8Array }
    /// Appends the IEEE 754 bits.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) { bytes.appendNetworkOrder(bitPattern) }
    /// Reads a `double precision` or a `real`.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        if let bits = bytes.bigEndian(as: UInt64.self) {
            self.init(bitPattern: bits)
        } else if let bits = bytes.bigEndian(as: UInt32.self) {
            self.init(Float(bitPattern: bits))
        } else {
            throw .badValue("number")
        }
    }
}
