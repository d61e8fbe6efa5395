import CLibPQ

extension Transaction {
    /// Loads rows into a table by binary COPY, the fastest way in. The closure runs on the connection's thread and must
    /// not wait for anything; an error it throws ends the COPY without a row. Returns the number of rows.
    @discardableResult
    public func copyIn(
        into table: SQLIdentifier, columns: [SQLIdentifier],
        _ write: @Sendable (inout CopyWriter) throws(PostgresError) -> Void
    ) async throws(PostgresError) -> Int {
        try checkOpen()
        let names = columns.map(\.quoted).joined(separator: ", ")
        let script = "COPY \(table.quoted) (\(names)) FROM STDIN (FORMAT binary)"
        return try await session.withConnection { (connection, deadline) throws(PostgresError) in
            try connection.copyIn(script: script, deadline: deadline, write)
        }
    }
}

extension Connection {
    func copyIn(
        script: String, deadline: Deadline, _ write: (inout CopyWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Int {
        let opened = try run(script: script, deadline: deadline)
        guard opened.status == PGRES_COPY_IN else {
            throw PostgresError(.other(sqlState: "08P01"), "The server did not begin the COPY.")
        }
        do throws(PostgresError) {
            var writer = CopyWriter(connection: self, deadline: deadline)
            try write(&writer)
            try writer.end()
        } catch {
            guard isUsable else { throw try serverError(deadline) ?? error }
            _ = PQputCopyEnd(raw, "the rows could not be made")
            _ = try? finish(deadline)
            throw error
        }
        guard PQputCopyEnd(raw, nil) == 1 else { throw lost() }
        return try finish(deadline).affectedRows
    }

    /// What the server said before the connection broke, if it said anything.
    private func serverError(_ deadline: Deadline) throws(PostgresError) -> PostgresError? {
        do throws(PostgresError) {
            _ = try finish(deadline)
            return nil
        } catch { return error }
    }
}
