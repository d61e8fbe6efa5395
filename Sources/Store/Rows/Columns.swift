import Catalog
import Metainfo
import Postgres

/// Reads a row's columns one after the other, in the order its SELECT lists them.
struct Columns {
    private let row: Row
    private var index = 0

    init(_ row: Row) { self.row = row }

    mutating func next<Value: SQLConvertible>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        defer { index += 1 }
        return try row.column(index)
    }

    mutating func next<Value: SQLConvertible>(_ type: Value?.Type = Value?.self) throws(PostgresError) -> Value? {
        defer { index += 1 }
        return try row.column(index, as: Value?.self)
    }

    mutating func id<ID: CatalogID>(_ type: ID.Type = ID.self) throws(PostgresError) -> ID {
        ID(rawValue: try next(Int64.self))
    }

    mutating func optionalID<ID: CatalogID>(_ type: ID.Type = ID.self) throws(PostgresError) -> ID? {
        try next(Int64?.self).map { ID(rawValue: $0) }
    }

    mutating func time() throws(PostgresError) -> Timestamp {
        Timestamp(microseconds: try next(SQLTimestamp.self).microseconds)
    }

    mutating func optionalTime() throws(PostgresError) -> Timestamp? {
        try next(SQLTimestamp?.self).map { Timestamp(microseconds: $0.microseconds) }
    }

    mutating func optionalInfoHash() throws(PostgresError) -> InfoHash? {
        try next([UInt8]?.self).flatMap { InfoHash(bytes: $0) }
    }

    mutating func infoHash() throws(PostgresError) -> InfoHash {
        guard let hash = try optionalInfoHash() else { throw Self.unreadable("info hash") }
        return hash
    }

    mutating func infoHashV2() throws(PostgresError) -> InfoHashV2? {
        try next([UInt8]?.self).flatMap { InfoHashV2(bytes: $0) }
    }

    static func unreadable(_ what: String) -> PostgresError {
        PostgresError(.badColumn, "A stored \(what) cannot be read.")
    }
}

extension [Row] {
    /// Reads every row with a function of the columns.
    func read<Value>(_ read: (inout Columns) throws(PostgresError) -> Value) throws(PostgresError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in self {
            var columns = Columns(row)
            values.append(try read(&columns))
        }
        return values
    }
}

extension Row {
    func read<Value>(_ read: (inout Columns) throws(PostgresError) -> Value) throws(PostgresError) -> Value {
        var columns = Columns(self)
        return try read(&columns)
    }
}
