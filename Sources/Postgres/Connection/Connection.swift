import CLibPQ
import Glibc

/// The one owner of a `PGconn`: opened by `open`, closed when the object goes away, used by one thread at a time. The
/// connection is non-blocking and every wait is a `poll` with a deadline, so that a server that stands still frees its
/// caller. After a lost connection or a passed deadline `isUsable` is false and the object must be dropped.
final class Connection {
    let raw: OpaquePointer
    private(set) var isUsable = true
    private var prepared: [StatementKey: String] = [:]

    private struct StatementKey: Hashable {
        let text: String
        let types: [UInt32]
    }

    /// Statements kept prepared on one connection; ours are few and written in the source.
    private static let maximumPrepared = 256

    init(owning raw: OpaquePointer) { self.raw = raw }

    deinit { PQfinish(raw) }

    // MARK: - State

    var isInTransaction: Bool { PQtransactionStatus(raw) != PQTRANS_IDLE }

    /// Whether an idle connection is still there: the server sends nothing to an idle client but farewells and
    /// notices, so readable data is read at once.
    var isAlive: Bool {
        guard isUsable, PQstatus(raw) == CONNECTION_OK else { return false }
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) != 0 else { return true }
        return PQconsumeInput(raw) == 1 && PQstatus(raw) == CONNECTION_OK && PQisBusy(raw) == 0
    }

    func lost(_ reason: String? = nil) -> PostgresError {
        isUsable = false
        let message = reason ?? firstLine(PQerrorMessage(raw))
        return .lost(message.isEmpty ? "The connection to the database is lost." : message)
    }

    // MARK: - Statements

    /// Runs one statement with bound values; results come in binary.
    func run(_ query: EncodedQuery, deadline: Deadline) throws(PostgresError) -> ResultTable {
        let name = try prepare(query, deadline: deadline)
        guard send(query, prepared: name) == 1 else { throw lost() }
        do throws(PostgresError) {
            return try finish(deadline)
        } catch  where error.code == .other(sqlState: "0A000") || error.code == .other(sqlState: "26000") {
            // A prepared statement that the schema has overtaken stays unusable on this connection.
            isUsable = false
            throw error
        }
    }

    /// Runs text that holds no values, possibly several statements; the last result is returned.
    func run(script: String, deadline: Deadline) throws(PostgresError) -> ResultTable {
        guard PQsendQuery(raw, script) == 1 else { throw lost() }
        return try finish(deadline)
    }

    private func prepare(_ query: EncodedQuery, deadline: Deadline) throws(PostgresError) -> String? {
        let key = StatementKey(text: query.text, types: query.types)
        if let name = prepared[key] { return name }
        guard prepared.count < Self.maximumPrepared else { return nil }
        let name = "s\(prepared.count)"
        guard PQsendPrepare(raw, name, query.text, Int32(query.types.count), query.types) == 1 else { throw lost() }
        _ = try finish(deadline)
        prepared[key] = name
        return name
    }

    private func send(_ query: EncodedQuery, prepared name: String?) -> Int32 {
        // An empty value still needs a pointer that is not null.
        let bytes = query.bytes.isEmpty ? [0] : query.bytes
        return bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = query.fields.map { field in field.flatMap { start?.advanced(by: $0.lowerBound) } }
            let lengths = query.fields.map { Int32(clamping: $0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: values.count)
            let count = Int32(values.count)
            return if let name {
                PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1)
            } else {
                PQsendQueryParams(raw, query.text, count, query.types, values, lengths, formats, 1)
            }
        }
    }

    // MARK: - Waiting

    /// Sends what is buffered and collects results until the statement is done, or until a COPY begins.
    func finish(_ deadline: Deadline) throws(PostgresError) -> ResultTable {
        try flush(deadline)
        var last: ResultTable?
        var failure: PostgresError?
        while let result = try nextResult(deadline) {
            failure = failure ?? result.error
            last = result
            if result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT { break }
        }
        if PQstatus(raw) != CONNECTION_OK { isUsable = false }
        if let failure {
            if failure.connectionLost { isUsable = false }
            throw failure
        }
        guard let last else { throw lost() }
        return last
    }

    private func nextResult(_ deadline: Deadline) throws(PostgresError) -> ResultTable? {
        while PQisBusy(raw) == 1 {
            try wait(for: POLLIN, deadline)
            guard PQconsumeInput(raw) == 1 else { break }
        }
        return PQgetResult(raw).map(ResultTable.init(owning:))
    }

    /// Sends all that is buffered, taking in what arrives meanwhile so that the server cannot block on us.
    func flush(_ deadline: Deadline) throws(PostgresError) {
        while true {
            switch PQflush(raw) {
            case 0: return
            case 1:
                let events = try wait(for: POLLOUT | POLLIN, deadline)
                if events & Int16(POLLIN) != 0, PQconsumeInput(raw) != 1 { throw lost() }
            default:
                // The server's farewell may lie unread in the socket; the results will tell.
                isUsable = false
                return
            }
        }
    }

    @discardableResult
    func wait(for events: Int32, _ deadline: Deadline) throws(PostgresError) -> Int16 {
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(events), revents: 0)
        while true {
            let ready = poll(&descriptor, 1, deadline.pollMilliseconds)
            if ready > 0 { return descriptor.revents }
            if ready < 0 && errno != EINTR { throw lost() }
            if deadline.hasPassed {
                isUsable = false
                throw PostgresError(
                    .unavailable, "The database did not answer in time.", connectionLost: true, timedOut: true)
            }
        }
    }
}
