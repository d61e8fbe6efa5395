/// What the database, or the way to it, answered instead of a result.
public struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    public enum Code: Equatable, Sendable {
        /// No connection could be made, or it broke before anything was done, or the server is starting or stopping.
        case unavailable
        /// All connections were in use for the whole wait limit.
        case poolExhausted
        /// A row with the same key exists (23505).
        case uniqueViolation(constraint: String)
        /// A row that is referred to is missing, or still referred to (23503).
        case foreignKeyViolation(constraint: String)
        /// A value breaks a rule of its table (23502, 23514).
        case checkViolation(constraint: String)
        /// The transaction met another one (40001, 40P01); it may be repeated.
        case serialization
        /// A lock was not free within the lock time-out (55P03).
        case lockTimeout
        /// A statement ran longer than its time-out (57014).
        case statementTimeout
        /// The server's disk is full (53100).
        case diskFull
        /// The server takes no writes: a standby, or set to read only (25006).
        case readOnly
        /// Text that PostgreSQL cannot hold: with a NUL, or not UTF-8 (22021, 22P05).
        case invalidText
        /// The connection broke after a write was sent: it may or may not have happened.
        case unknownOutcome
        /// A column is missing, NULL or of another type than asked for.
        case badColumn
        /// A transaction was used after its end, or the database after `close`.
        case closed
        /// Any other answer, by its SQLSTATE; empty for a fault of this side.
        case other(sqlState: String)
    }

    /// The kind of failure.
    public let code: Code
    /// One line: what the server said, or what happened here. Holds no bound values.
    public let message: String
    /// Whether the connection itself was lost, so that an idempotent read may be asked again.
    let connectionLost: Bool
    /// Whether it was given up because the server stood still: asking again would only double the wait.
    let timedOut: Bool

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.init(code, message, connectionLost: false)
    }

    init(_ code: Code, _ message: String, connectionLost: Bool, timedOut: Bool = false) {
        self.code = code
        self.message = message
        self.connectionLost = connectionLost
        self.timedOut = timedOut
    }

    /// Whether a call that did nothing yet may be made again on another connection.
    var mayAskAgain: Bool { code == .unavailable && connectionLost && !timedOut }

    /// Code and message.
    public var description: String { "\(code): \(message)" }
}
