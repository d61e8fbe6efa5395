/// A row that COPY gave out, in binary; columns are counted from 0.
public struct CopiedRow: Sendable {
    private let bytes: [UInt8]
    private let fields: [Range<Int>?]

    /// Reads one row of the binary format; nil for the trailer. Throws `.badColumn` where the bytes are no row.
    init?(_ bytes: [UInt8], from start: Int) throws(PostgresError) {
        func number(at offset: Int, size: Int) throws(PostgresError) -> Int {
            guard offset + size <= bytes.count else { throw .badValue("COPY row") }
            let value = bytes[offset..<offset + size].reduce(0) { $0 << 8 | Int($1) }
            return size == 2 ? Int(Int16(truncatingIfNeeded: value)) : Int(Int32(truncatingIfNeeded: value))
        }
        let count = try number(at: start, size: 2)
        guard count >= 0 else { return nil }
        var fields: [Range<Int>?] = []
        var offset = start + 2
        for _ in 0..<count {
            let length = try number(at: offset, size: 4)
            offset += 4
            guard length <= bytes.count - offset else { throw .badValue("COPY row") }
            fields.append(length < 0 ? nil : offset..<offset + length)
            offset += max(0, length)
        }
        self.bytes = bytes
        self.fields = fields
    }

    /// A column that may be NULL. Throws `.badColumn` where it is missing or of another type.
    public func column<Value: SQLConvertible>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value? {
        guard fields.indices.contains(column) else {
            throw PostgresError(.badColumn, "There is no column \(column).")
        }
        guard let range = fields[column] else { return nil }
        return try Value(decodingSQL: bytes.span.bytes.extracting(range))
    }
}
