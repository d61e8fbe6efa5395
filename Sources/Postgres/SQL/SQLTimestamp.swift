/// A `timestamptz`: microseconds since 1970-01-01 00:00:00 UTC.
public struct SQLTimestamp: Hashable, SQLConvertible, SQLArrayElement {
    /// Microseconds since 1970.
    public let microseconds: Int64

    /// Wraps a count of microseconds since 1970.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// PostgreSQL counts from 2000-01-01.
    private static let epoch: Int64 = 946_684_800_000_000

    /// `timestamptz`
    public static var sqlType: SQLType { .timestamp }
    /// `timestamptz[]`
    public static var sqlArrayType: SQLType { .timestampArray }

    /// Appends microseconds since 2000; a moment that PostgreSQL cannot hold is `.badColumn`.
    public func encodeSQL(into bytes: inout [UInt8]) throws(PostgresError) {
        let (shifted, overflow) = microseconds.subtractingReportingOverflow(Self.epoch)
        guard !overflow else { throw .badValue("moment") }
        bytes.appendNetworkOrder(shifted)
    }

    /// Reads microseconds since 2000; `infinity` becomes the last moment.
    public init(decodingSQL bytes: RawSpan) throws(PostgresError) {
        guard let shifted = bytes.bigEndian(as: Int64.self) else { throw .badValue("moment") }
        let (value, overflow) = shifted.addingReportingOverflow(Self.epoch)
        microseconds = overflow ? .max : value
    }
}
