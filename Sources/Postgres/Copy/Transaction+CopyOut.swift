import CLibPQ
import Glibc

extension Transaction {
    /// Streams a whole table's columns by binary COPY. The closure gets about 1 MiB of rows at a time, and the server
    /// waits while it works; it must use nothing else of this transaction. An error it throws ends the COPY.
    public func copyOut(
        from table: SQLIdentifier, columns: [SQLIdentifier], _ body: ([CopiedRow]) async throws -> Void
    ) async throws {
        try checkOpen()
        let names = columns.map(\.quoted).joined(separator: ", ")
        let script = "COPY \(table.quoted) (\(names)) TO STDOUT (FORMAT binary)"
        var batch = try await session.withConnection { (connection, deadline) throws(PostgresError) in
            try connection.beginCopyOut(script: script, deadline: deadline)
            return try connection.copiedRows(deadline)
        }
        do {
            while true {
                if !batch.rows.isEmpty { try await body(batch.rows) }
                if batch.isLast { return }
                batch = try await session.withConnection { (connection, deadline) throws(PostgresError) in
                    try connection.copiedRows(deadline)
                }
            }
        } catch {
            // The rest of a COPY cannot be skipped cheaply: the connection is given up with it.
            await session.disconnect()
            throw error
        }
    }
}

extension Connection {
    func beginCopyOut(script: String, deadline: Deadline) throws(PostgresError) {
        guard try run(script: script, deadline: deadline).status == PGRES_COPY_OUT else {
            throw PostgresError(.other(sqlState: "08P01"), "The server did not begin the COPY.")
        }
    }

    /// The next rows, about 1 MiB of them, and whether the COPY has ended with them.
    func copiedRows(_ deadline: Deadline) throws(PostgresError) -> (rows: [CopiedRow], isLast: Bool) {
        var rows: [CopiedRow] = []
        var size = 0
        while size < 1 << 20 {
            guard let message = try copyMessage(deadline) else {
                _ = try finish(deadline)
                return (rows, true)
            }
            size += message.count
            // The first message carries the 19 bytes of the format's head before its row.
            let start = message.starts(with: "PGCOPY\n".utf8) ? 19 : 0
            if let row = try CopiedRow(message, from: start) { rows.append(row) }
        }
        return (rows, false)
    }

    private func copyMessage(_ deadline: Deadline) throws(PostgresError) -> [UInt8]? {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(raw, &buffer, 1)
            if length > 0, let buffer {
                defer { PQfreemem(buffer) }
                return Array(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
            }
            guard length == 0 else {
                if length == -1 { return nil }
                throw lost()
            }
            try wait(for: POLLIN, deadline)
            guard PQconsumeInput(raw) == 1 else { throw lost() }
        }
    }
}
