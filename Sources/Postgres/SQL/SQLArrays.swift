/// The binary form of one-dimensional arrays (`array_recv`): dimensions, whether NULLs are in it, element type, length,
/// lower bound, then each element with its length.
extension SQLArrayElement where Self: SQLConvertible {
    /// Appends the array.
    public static func encodeSQLArray(_ values: [Self], into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.appendNetworkOrder(Int32(values.isEmpty ? 0 : 1))
        bytes.appendNetworkOrder(Int32(0))
        bytes.appendNetworkOrder(sqlType.oid)
        guard !values.isEmpty else { return }
        bytes.appendNetworkOrder(Int32(clamping: values.count))
        bytes.appendNetworkOrder(Int32(1))
        for value in values {
            let header = bytes.count
            bytes.appendNetworkOrder(Int32(0))
            try value.encodeSQL(into: &bytes)
            let length = UInt32(clamping: bytes.count - header - 4)
            for (offset, shift) in [24, 16, 8, 0].enumerated() {
                bytes[header + offset] = UInt8(truncatingIfNeeded: length >> UInt32(shift))
            }
        }
    }

    /// Reads the array; NULL elements and more than one dimension are `.badColumn`.
    public static func decodeSQLArray(_ bytes: RawSpan) throws(PostgresError) -> [Self] {
        guard bytes.byteCount >= 12, let dimensions = bytes.extracting(0..<4).bigEndian(as: Int32.self),
            let nulls = bytes.extracting(4..<8).bigEndian(as: Int32.self), nulls == 0
        else { throw .badValue("array") }
        guard dimensions != 0 else { return [] }
        guard dimensions == 1, bytes.byteCount >= 20,
            let count = bytes.extracting(12..<16).bigEndian(as: Int32.self), count >= 0
        else { throw .badValue("array") }
        var values: [Self] = []
        var offset = 20
        for _ in 0..<count {
            guard offset + 4 <= bytes.byteCount,
                let length = bytes.extracting(offset..<offset + 4).bigEndian(as: Int32.self),
                length >= 0, Int(length) <= bytes.byteCount - offset - 4
            else { throw .badValue("array") }
            offset += 4
            values.append(try Self(decodingSQL: bytes.extracting(offset..<offset + Int(length))))
            offset += Int(length)
        }
        return values
    }
}

extension Array: SQLArrayElement where Element == UInt8 {
    /// `bytea[]`
    public static var sqlArrayType: SQLType { .bytesArray }
}
