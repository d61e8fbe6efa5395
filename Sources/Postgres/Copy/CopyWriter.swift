import CLibPQ

/// Writes rows of a COPY in PostgreSQL's binary format. Values must be written in the order of the columns, as many as
/// the row was begun with. Bytes go from the caller's array straight into libpq's buffer. Valid only inside the closure
/// it was given to.
public struct CopyWriter: ~Copyable {
    private let connection: Connection
    private let deadline: Deadline
    private var head: [UInt8] = Self.signature

    /// `PGCOPY`, no flags, no header extension (PostgreSQL manual, COPY, binary format).
    private static let signature: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    /// Small values are gathered up to this many bytes before they are handed on.
    private static let gatheredBytes = 32 << 10

    init(connection: Connection, deadline: Deadline) {
        self.connection = connection
        self.deadline = deadline
    }

    /// Begins a row of some columns.
    public mutating func row(columns: Int) throws(PostgresError) {
        head.appendNetworkOrder(Int16(clamping: columns))
        if head.count >= Self.gatheredBytes { try pass() }
    }

    /// Writes a value of the column's own type: an `Int32` for an `integer` column, an `Int64` for a `bigint`.
    public mutating func value<Value: SQLConvertible>(_ value: Value?) throws(PostgresError) {
        let start = head.count
        head.appendNetworkOrder(Int32(-1))
        guard let value else { return }
        try value.encodeSQL(into: &head)
        var length = Int32(clamping: head.count - start - 4).bigEndian
        withUnsafeBytes(of: &length) { head.replaceSubrange(start..<start + 4, with: $0) }
    }

    /// Writes a part of an array as a `bytea`.
    public mutating func bytes(_ bytes: [UInt8], _ range: Range<Int>) throws(PostgresError) {
        let range = range.clamped(to: 0..<bytes.count)
        head.appendNetworkOrder(Int32(clamping: range.count))
        try pass()
        let sent = bytes.withUnsafeBytes { put($0[range]) }
        guard sent else { throw connection.lost() }
        try connection.flush(deadline)
    }

    mutating func end() throws(PostgresError) {
        head.appendNetworkOrder(Int16(-1))
        try pass()
    }

    private mutating func pass() throws(PostgresError) {
        guard head.withUnsafeBytes({ put($0[...]) }) else { throw connection.lost() }
        head.removeAll(keepingCapacity: true)
        try connection.flush(deadline)
        guard connection.isUsable else { throw connection.lost() }
    }

    private func put(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes)
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return true }
        return PQputCopyData(connection.raw, start.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
            == 1
    }
}
