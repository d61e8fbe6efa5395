extension String: SQLConvertible, SQLArrayElement {
    /// `text`
    public static var sqlType: SQLType { .text }
    /// `text[]`
    public static var sqlArrayType: SQLType { .textArray }
    /// Appends the text in UTF-8. A text with a NUL is refused here, before SQL: PostgreSQL cannot hold it.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) {
        guard !utf8.contains(0) else { throw PostgresError(.invalidText, "Text may not hold a NUL character.") }
        bytes.append(contentsOf: utf8)
    }
    /// Reads text; bytes that are not UTF-8 are an error.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        guard let text = bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw .badValue("text")
        }
        self = text
    }
}

extension UInt8: SQLArrayElement {
    /// Bytes are no array to PostgreSQL but one value: `bytea`.
    public static var sqlArrayType: SQLType { .bytes }
    /// Appends the bytes as they are.
    public static func encodeSQLArray(_ values: [UInt8], into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(contentsOf: values)
    }
    /// Reads the bytes as they are.
    public static func decodeSQLArray(_ bytes: RawSpan) throws(PostgresError) -> [UInt8] {
        bytes.withUnsafeBytes { Array($0) }
    }
}
