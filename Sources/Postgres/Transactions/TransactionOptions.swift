/// How a transaction behaves.
public struct TransactionOptions: Sendable {
    /// What a transaction sees of others (SQL's isolation levels).
    public enum Isolation: String, Sendable {
        /// Each statement sees what was committed before it.
        case readCommitted = "READ COMMITTED"
        /// All statements see the same.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other.
        case serializable = "SERIALIZABLE"
    }

    /// What the transaction sees of others.
    public var isolation: Isolation
    /// Whether COMMIT returns only when the log is on disk; without it a crash of the server may lose the transaction
    /// (whole, and only if no later synchronous one has committed).
    public var synchronousCommit: Bool
    /// How long each statement may run; nil means the database's usual limit.
    public var timeout: Duration?
    /// How long a statement waits for a lock; nil means the database's usual limit.
    public var lockTimeout: Duration?

    /// Makes options; the usual ones without arguments.
    public init(
        isolation: Isolation = .readCommitted, synchronousCommit: Bool = true, timeout: Duration? = nil,
        lockTimeout: Duration? = nil
    ) {
        self.isolation = isolation
        self.synchronousCommit = synchronousCommit
        self.timeout = timeout
        self.lockTimeout = lockTimeout
    }

    /// BEGIN and what is set for this transaction only, sent in one message.
    var openingStatements: String {
        var text = "BEGIN ISOLATION LEVEL \(isolation.rawValue)"
        if !synchronousCommit { text += "; SET LOCAL synchronous_commit = off" }
        if let timeout { text += "; SET LOCAL statement_timeout = \(timeout.milliseconds)" }
        if let lockTimeout { text += "; SET LOCAL lock_timeout = \(lockTimeout.milliseconds)" }
        return text
    }
}
