import NIOCore

/// The times by which something must have happened on a connection.
struct ConnectionDeadlines {
    enum Kind {
        case head, idle, body, linger
    }

    /// What is waited for now.
    var current: (kind: Kind, at: NIODeadline)?
    /// The one timer, which may ring early and is then set again: so that a busy connection never touches it.
    var timer: Scheduled<Void>?
    var timerAt = NIODeadline.distantFuture
    /// When a lingering connection is closed even if the client still sends.
    var lingerEnd = NIODeadline.distantFuture
    /// Watches unflushed bytes while there are any.
    var writeTimer: Scheduled<Void>?
    var writeMark: (bytes: Int, at: NIODeadline) = (0, .now())
}
