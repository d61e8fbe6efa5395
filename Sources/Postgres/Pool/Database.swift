public import Logging

/// A PostgreSQL database behind a pool of connections, each on a thread of its own. Every call suspends its caller and
/// blocks neither an event loop nor the cooperative pool.
///
/// A statement that only reads and finds its connection broken is asked once more on a new one; a write is not, and
/// reports `.unknownOutcome` where it may have happened. A server that is away answers `.unavailable` within the
/// connect time-out, and is found again by the first call after its return.
public final class Database: Sendable {
    let configuration: DatabaseConfiguration
    let logger: Logger
    let pool: Pool

    /// Makes a database; connections are made when they are needed.
    public init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        pool = Pool(configuration: configuration)
    }

    /// Runs a statement and returns its rows.
    public func rows(_ query: SQLQuery) async throws(PostgresError) -> [Row] {
        try await run(query).rows
    }

    /// Runs a statement and returns its first row, if any.
    public func first(_ query: SQLQuery) async throws(PostgresError) -> Row? {
        try await run(query).rows.first
    }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ query: SQLQuery) async throws(PostgresError) -> Int {
        try await run(query).affectedRows
    }

    /// Runs a statement that may take longer than others and cannot stand in a transaction, such as VACUUM.
    @discardableResult
    public func execute(_ query: SQLQuery, timeout: Duration) async throws(PostgresError) -> Int {
        let session = try await pool.acquire()
        defer { pool.release(session) }
        return try await session.run(query, timeout: timeout).affectedRows
    }

    /// Sends a notification to the listeners of a channel. The payload has at most 7,999 bytes.
    public func notify(_ channel: SQLIdentifier, _ payload: String = "") async throws(PostgresError) {
        _ = try await run("SELECT pg_notify(\(channel.description), \(payload))")
    }

    /// Ends all connections; later calls throw `.closed`.
    public func close() async { await pool.close() }

    private func run(_ query: SQLQuery) async throws(PostgresError) -> ResultTable {
        do {
            return try await attempt(query)
        } catch  where error.mayAskAgain && query.isRead {
            logger.debug("database connection lost, asking again", metadata: ["reason": "\(error.message)"])
            return try await attempt(query)
        }
    }

    private func attempt(_ query: SQLQuery) async throws(PostgresError) -> ResultTable {
        let session = try await pool.acquire()
        defer { pool.release(session) }
        return try await session.run(query)
    }
}
