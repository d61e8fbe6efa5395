extension Database {
    /// Times a transaction is run at most when it keeps meeting others.
    private static let maximumAttempts = 3

    /// Runs statements as one transaction: all of them happen, or none. A thrown error rolls back and is passed on.
    /// Where the transaction meets another one (40001, 40P01) the closure runs again, up to three times in all, so it
    /// must do nothing else than use the transaction and compute. No connection to elsewhere may be waited for in it.
    public func transaction<Value: Sendable>(
        _ options: TransactionOptions = TransactionOptions(), _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await runOnce(options, body)
            } catch let error as PostgresError where error.code == .serialization && attempt < Self.maximumAttempts {
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...25) * attempt))
                attempt += 1
            }
        }
    }

    private func runOnce<Value: Sendable>(
        _ options: TransactionOptions, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let session = try await pool.acquire()
        defer { pool.release(session) }
        try await begin(options, on: session)
        let transaction = Transaction(session: session)
        do {
            let value = try await body(transaction)
            transaction.close()
            try await session.commit()
            return value
        } catch {
            transaction.close()
            await session.rollback()
            throw error
        }
    }

    /// Nothing has happened yet when BEGIN finds the connection broken, so it is asked once more.
    private func begin(_ options: TransactionOptions, on session: Session) async throws(PostgresError) {
        do {
            try await session.begin(options)
        } catch  where error.mayAskAgain {
            try await session.begin(options)
        }
    }
}
