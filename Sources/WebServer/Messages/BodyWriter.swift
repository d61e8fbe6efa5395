/// Takes a streamed body's bytes.
public protocol BodyWriter: Sendable {
    /// Sends bytes; returns when the client has taken enough of what was written before.
    ///
    /// - Throws: `ClientGone` when the client left or stopped reading, and when the task is cancelled: the connection is
    ///   closed then, since the body is not whole.
    func write(_ bytes: [UInt8]) async throws
}
