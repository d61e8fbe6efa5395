/// A statement as libpq takes it: text with `$1`... and the values in binary, in one buffer.
struct EncodedQuery {
    /// Where a value lies in `bytes`; nil for NULL.
    typealias Field = Range<Int>?

    /// The most bytes of all values of one statement; PostgreSQL's own limit is 1 GiB.
    static let maximumBytes = 512 << 20

    var text = ""
    var types: [UInt32] = []
    var fields: [Field] = []
    var bytes: [UInt8] = []
    /// Whether the statement only reads, so that it may be asked again after a lost connection.
    var isRead = false

    init(_ query: SQLQuery) throws(PostgresError) {
        for part in query.parts {
            switch part {
            case .text(let text): self.text += text
            case .value(let type, let value):
                let start = bytes.count
                try value?.encodeSQL(into: &bytes)
                types.append(type.oid)
                fields.append(value == nil ? nil : start..<bytes.count)
                text += "$\(types.count)"
            }
        }
        guard bytes.count <= Self.maximumBytes, types.count <= 65_535 else {
            throw PostgresError(.other(sqlState: "54000"), "The values of a statement are too large.")
        }
        isRead = query.isRead
    }
}
