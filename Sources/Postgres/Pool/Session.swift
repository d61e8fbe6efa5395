/// One place of the pool: a thread and, when it has been needed, a connection. Whoever holds the session from the pool
/// is its only user. Methods block the session's own thread and nobody else's.
actor Session {
    nonisolated let executor: ThreadExecutor
    private let configuration: DatabaseConfiguration
    private let gate: ConnectGate
    private var connection: Connection?
    private var generation = -1
    private var statementLimit: Duration?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(configuration: DatabaseConfiguration, gate: ConnectGate, number: Int) {
        self.configuration = configuration
        self.gate = gate
        executor = ThreadExecutor(name: "postgres-\(number)")
        statementLimit = configuration.statementTimeout
    }

    deinit { executor.stop() }

    /// One statement outside a transaction. A write whose connection breaks under it has an unknown outcome.
    func run(_ query: SQLQuery) throws(PostgresError) -> ResultTable {
        let encoded = try EncodedQuery(query)
        let connection = try connected()
        do throws(PostgresError) {
            return try connection.run(encoded, deadline: deadline())
        } catch {
            throw settle(
                encoded.isRead || error.code != .unavailable || !error.connectionLost
                    ? error : error.afterSendingAWrite)
        }
    }

    /// One statement outside a transaction with a time limit of its own.
    func run(_ query: SQLQuery, timeout: Duration) throws(PostgresError) -> ResultTable {
        let encoded = try EncodedQuery(query)
        let connection = try connected()
        let usual = configuration.statementTimeout.milliseconds
        do throws(PostgresError) {
            let deadline = Deadline(after: timeout + configuration.socketMargin)
            _ = try connection.run(script: "SET statement_timeout = \(timeout.milliseconds)", deadline: deadline)
            let result = Result { () throws(PostgresError) in try connection.run(encoded, deadline: deadline) }
            if connection.isUsable {
                _ = try connection.run(script: "SET statement_timeout = \(usual)", deadline: self.deadline())
            }
            return try result.get()
        } catch { throw settle(error) }
    }

    /// Runs a CREATE DATABASE, which copies files and cannot stand in a transaction.
    func createDatabase(script: String) throws(PostgresError) {
        let connection = try connected()
        do throws(PostgresError) {
            let deadline = Deadline(after: .seconds(60))
            _ = try connection.run(script: "SET statement_timeout = 60000", deadline: deadline)
            _ = try connection.run(script: script, deadline: deadline)
        } catch { throw settle(error) }
        self.connection = nil
    }

    /// Opens a transaction on a live connection.
    func begin(_ options: TransactionOptions) throws(PostgresError) {
        statementLimit = options.timeout ?? configuration.statementTimeout
        let connection = try connected()
        do throws(PostgresError) {
            _ = try connection.run(script: options.openingStatements, deadline: deadline())
        } catch { throw settle(error) }
    }

    /// One statement inside the open transaction.
    func continueTransaction(_ query: SQLQuery) throws(PostgresError) -> ResultTable {
        let encoded = try EncodedQuery(query)
        guard let connection else { throw .lost("The connection to the database is lost.") }
        do throws(PostgresError) {
            return try connection.run(encoded, deadline: deadline())
        } catch { throw settle(error) }
    }

    /// Anything else on the connection of the open transaction: COPY, scripts.
    func withConnection<Value: Sendable>(
        _ body: @Sendable (Connection, Deadline) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard let connection else { throw .lost("The connection to the database is lost.") }
        do throws(PostgresError) {
            return try body(connection, deadline())
        } catch { throw settle(error) }
    }

    /// Commits. A connection that breaks now leaves the outcome unknown; a transaction that had failed is an error.
    func commit() throws(PostgresError) {
        defer { statementLimit = configuration.statementTimeout }
        guard let connection else { throw .lost("The connection to the database is lost.") }
        do throws(PostgresError) {
            let result = try connection.run(script: "COMMIT", deadline: deadline())
            guard result.commandTag == "COMMIT" else {
                throw PostgresError(.other(sqlState: "25P02"), "The transaction had failed and was rolled back.")
            }
        } catch {
            throw settle(error.connectionLost ? error.afterSendingAWrite : error)
        }
    }

    /// Rolls back what is open; a connection that cannot is dropped.
    func rollback() {
        defer { statementLimit = configuration.statementTimeout }
        guard let connection, connection.isInTransaction else { return }
        do throws(PostgresError) {
            _ = try connection.run(script: "ROLLBACK", deadline: deadline())
        } catch {
            _ = settle(error)
            self.connection = nil
        }
    }

    /// Ends the connection; a later use makes another.
    func disconnect() {
        connection = nil
    }

    private func deadline() -> Deadline {
        Deadline(after: statementLimit.map { $0 + configuration.socketMargin })
    }

    /// The live connection, made anew where there is none or it is too old.
    private func connected() throws(PostgresError) -> Connection {
        if let connection, generation == gate.generation, connection.isAlive { return connection }
        connection = nil
        try gate.checkMayConnect()
        let current = gate.generation
        do throws(PostgresError) {
            let fresh = try Connection.open(configuration)
            gate.connected()
            connection = fresh
            generation = current
            return fresh
        } catch {
            gate.failed(error)
            throw error
        }
    }

    /// Drops a connection that an error has made unusable, and tells the others.
    private func settle(_ error: PostgresError) -> PostgresError {
        if let connection, !connection.isUsable {
            self.connection = nil
            gate.lost(generation: generation)
        }
        return error
    }
}
