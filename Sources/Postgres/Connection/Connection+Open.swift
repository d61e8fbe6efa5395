import CLibPQ
import Glibc

extension Connection {
    /// Connects within the configured time. A server that is just starting (57P03) is asked again until then.
    static func open(_ configuration: DatabaseConfiguration) throws(PostgresError) -> Connection {
        let deadline = Deadline(after: configuration.connectTimeout)
        while true {
            let connection = try start(configuration)
            do {
                try connection.complete(deadline)
                try connection.prepareSession(configuration, deadline)
                return connection
            } catch {
                guard connection.isStartingUp(error), !deadline.hasPassed else { throw error }
                usleep(50_000)
            }
        }
    }

    private static func start(_ configuration: DatabaseConfiguration) throws(PostgresError) -> Connection {
        let settings = [
            ("dbname", configuration.connection), ("client_encoding", "UTF8"), ("application_name", "reelswarm"),
            ("tcp_user_timeout", "5000"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
        ]
        let keywords = settings.map { strdup($0.0) } + [nil]
        let values = settings.map { strdup($0.1) } + [nil]
        defer { (keywords + values).forEach { free($0) } }
        let raw = PQconnectStartParams(
            keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let raw else { throw PostgresError(.unavailable, "There is no memory for a connection.") }
        let connection = Connection(owning: raw)
        guard PQstatus(raw) != CONNECTION_BAD else { throw connection.lost() }
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
        return connection
    }

    private func complete(_ deadline: Deadline) throws(PostgresError) {
        var awaited = POLLOUT
        while true {
            try wait(for: awaited, deadline)
            switch PQconnectPoll(raw) {
            case PGRES_POLLING_OK:
                guard PQsetnonblocking(raw, 1) == 0 else { throw lost() }
                return
            case PGRES_POLLING_READING: awaited = POLLIN
            case PGRES_POLLING_WRITING: awaited = POLLOUT
            default: throw lost()
            }
        }
    }

    /// Time-outs are set by a statement rather than in the start packet, which poolers and URLs may override.
    private func prepareSession(
        _ configuration: DatabaseConfiguration, _ deadline: Deadline
    ) throws(PostgresError) {
        _ = try run(
            script: """
                SET statement_timeout = \(configuration.statementTimeout.milliseconds);
                SET lock_timeout = \(configuration.lockTimeout.milliseconds);
                SET idle_in_transaction_session_timeout = \(configuration.idleInTransactionTimeout.milliseconds);
                SET standard_conforming_strings = on;
                SET TimeZone = 'UTC'
                """, deadline: deadline)
    }

    /// libpq gives no SQLSTATE for a refused start; these are the server's words (postmaster.c), set by lc_messages of
    /// a C locale, else the wait is merely not taken.
    private func isStartingUp(_ error: PostgresError) -> Bool {
        [
            "the database system is starting up", "the database system is in recovery mode",
            "the database system is not yet accepting connections",
        ].contains { error.message.contains($0) }
    }
}
