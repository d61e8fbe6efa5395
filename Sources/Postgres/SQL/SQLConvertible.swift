/// A value that can be bound to a statement and read from a row, in PostgreSQL's binary format.
public protocol SQLConvertible: Sendable {
    /// The type it is bound as.
    static var sqlType: SQLType { get }
    /// Appends the binary form. Throws `.invalidText` for text PostgreSQL cannot hold.
    func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError)
    /// Reads the binary form. Throws `.badColumn` where the bytes are no such value.
    init(decodingSQL bytes: RawSpan) throws(PostgresError)
}

/// A value that can also stand in an array.
public protocol SQLArrayElement: Sendable {
    /// The type its arrays are bound as.
    static var sqlArrayType: SQLType { get }
    /// Appends the binary form of an array.
    static func encodeSQLArray(_ values: [Self], into bytes: inout [UInt8]) throws(PostgresError)
    /// Reads the binary form of an array.
    static func decodeSQLArray(_ bytes: RawSpan) throws(PostgresError) -> [Self]
}

extension Array: SQLConvertible where Element: SQLArrayElement {
    /// The element's array type; for `[UInt8]` this is `bytea`.
    public static var sqlType: SQLType { Element.sqlArrayType }
    /// Appends the binary form.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) {
        try Element.encodeSQLArray(self, into: &bytes)
    }
    /// Reads the binary form.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        self = try Element.decodeSQLArray(bytes)
    }
}

extension PostgresError {
    static func badValue(_ type: String) -> PostgresError {
        PostgresError(.badColumn, "A column does not hold the \(type) that was asked for.")
    }
}
