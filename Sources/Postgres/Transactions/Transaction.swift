import Synchronization

/// An open transaction; valid only inside the closure it was given to.
public final class Transaction: Sendable {
    let session: Session
    private let isOpen = Atomic(true)

    init(session: Session) { self.session = session }

    /// Runs a statement and returns its rows.
    public func rows(_ query: SQLQuery) async throws(PostgresError) -> [Row] { try await run(query).rows }

    /// Runs a statement and returns its first row, if any.
    public func first(_ query: SQLQuery) async throws(PostgresError) -> Row? { try await run(query).rows.first }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ query: SQLQuery) async throws(PostgresError) -> Int { try await run(query).affectedRows }

    /// Sends a notification when the transaction commits.
    public func notify(_ channel: SQLIdentifier, _ payload: String = "") async throws(PostgresError) {
        _ = try await run("SELECT pg_notify(\(channel.description), \(payload))")
    }

    func close() { isOpen.store(false, ordering: .sequentiallyConsistent) }

    func checkOpen() throws(PostgresError) {
        guard isOpen.load(ordering: .sequentiallyConsistent) else {
            throw PostgresError(.closed, "The transaction has ended.")
        }
    }

    private func run(_ query: SQLQuery) async throws(PostgresError) -> ResultTable {
        try checkOpen()
        return try await session.continueTransaction(query)
    }
}
