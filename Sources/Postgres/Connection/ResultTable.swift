import CLibPQ

/// Owns one `PGresult`, which nobody changes any more: cleared exactly once, when the last row lets go of it.
/// Sendable because libpq only reads a finished result, and `PQclear` may be called on any thread.
final class ResultTable: @unchecked Sendable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) { self.raw = raw }

    deinit { PQclear(raw) }

    var status: ExecStatusType { PQresultStatus(raw) }
    var rowCount: Int { Int(PQntuples(raw)) }
    var columnCount: Int { Int(PQnfields(raw)) }

    /// `INSERT`, `COMMIT`, ... with counts.
    var commandTag: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

    /// Rows that a command changed, or a query returned.
    var affectedRows: Int { PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0 }

    var rows: [Row] { (0..<rowCount).map { Row(table: self, index: $0) } }

    func value<Value: SQLConvertible>(row: Int, column: Int, as type: Value.Type) throws(PostgresError) -> Value? {
        let (row, column) = (Int32(clamping: row), Int32(clamping: column))
        guard PQgetisnull(raw, row, column) == 0, let start = PQgetvalue(raw, row, column) else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(raw, row, column)))
        return try Value(decodingSQL: bytes.bytes)
    }

    /// The server's answer as an error; nil for a good result.
    var error: PostgresError? {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY, PGRES_COPY_IN, PGRES_COPY_OUT:
            return nil
        default:
            let state = field(stateField)
            let message = field(messageField) ?? firstLine(PQresultErrorMessage(raw))
            // libpq makes up a result without a state when the connection breaks under it.
            guard let state else { return .lost(message) }
            return PostgresError(sqlState: state, message: message, constraint: field(constraintField) ?? "")
        }
    }

    private func field(_ code: Int) -> String? {
        PQresultErrorField(raw, Int32(code)).map { String(cString: $0) }
    }

    /// The field codes of postgres_ext.h are character literals, which C imports as numbers.
    private var stateField: Int { 0x43 }
    private var messageField: Int { 0x4D }
    private var constraintField: Int { 0x6E }
}

/// The first line of a message of libpq, which ends its messages with a line feed.
func firstLine(_ message: UnsafePointer<CChar>?) -> String {
    guard let message else { return "" }
    return String(String(cString: message).prefix { !$0.isNewline })
}
