/// How to reach a PostgreSQL server, and how long to wait for it.
public struct DatabaseConfiguration: Sendable {
    /// Where the server is: a URL (`postgres://user@host/name`, several hosts allowed) or `key=value` pairs, as libpq
    /// reads them. May hold a password: not to be logged.
    public var connection: String
    /// The most connections, each with a thread of its own.
    public var poolSize = 10
    /// How long a caller waits for a connection when all are in use.
    public var waitLimit: Duration = .seconds(2)
    /// How long making a connection may take.
    public var connectTimeout: Duration = .milliseconds(2500)
    /// How long the server works on one statement, unless a transaction asks for another limit.
    public var statementTimeout: Duration = .milliseconds(4500)
    /// How long a statement waits for a lock.
    public var lockTimeout: Duration = .seconds(2)
    /// How long a transaction may stay open without a statement.
    public var idleInTransactionTimeout: Duration = .seconds(15)
    /// How long we wait for the server beyond the statement's own limit, before the connection is given up.
    public var socketMargin: Duration = .milliseconds(500)

    /// Makes a configuration with the usual limits.
    public init(connection: String) { self.connection = connection }

    /// A server on this machine, over the socket in a folder.
    public init(socketDirectory: String, user: String, database: String) {
        let pairs = [("host", socketDirectory), ("user", user), ("dbname", database)]
        self.init(connection: pairs.map { "\($0.0)='\(Self.escaped($0.1))'" }.joined(separator: " "))
    }

    private static func escaped(_ value: String) -> String {
        String(value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] })
    }
}
