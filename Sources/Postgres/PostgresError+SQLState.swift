extension PostgresError {
    /// Reads a server's error by its SQLSTATE (PostgreSQL manual, appendix A).
    init(sqlState: String, message: String, constraint: String) {
        self.init(
            Self.code(sqlState, constraint: constraint), message, connectionLost: Self.endsConnection(sqlState))
    }

    private static func code(_ sqlState: String, constraint: String) -> Code {
        switch sqlState {
        case "23505": .uniqueViolation(constraint: constraint)
        case "23503": .foreignKeyViolation(constraint: constraint)
        case "23502", "23514": .checkViolation(constraint: constraint)
        case "40001", "40P01": .serialization
        case "55P03": .lockTimeout
        case "57014": .statementTimeout
        case "53100": .diskFull
        case "25006": .readOnly
        case "22021", "22P05": .invalidText
        case "53000", "53200", "53300", "25P03", "25P04": .unavailable
        case _ where endsConnection(sqlState): .unavailable
        default: .other(sqlState: sqlState)
        }
    }

    /// Class 08 are connection failures; 57P01...57P05 come with a server that stops, crashes or starts.
    private static func endsConnection(_ sqlState: String) -> Bool {
        sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "25P03"
    }

    static func lost(_ message: String) -> PostgresError {
        PostgresError(.unavailable, message, connectionLost: true)
    }

    /// The same failure of a write that had been sent: nobody knows whether it happened.
    var afterSendingAWrite: PostgresError {
        PostgresError(.unknownOutcome, message, connectionLost: connectionLost, timedOut: timedOut)
    }
}
