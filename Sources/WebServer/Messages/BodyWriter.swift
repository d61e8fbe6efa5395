/// Takes a streamed body's bytes.
public protocol BodyWriter: Sendable {
    /// Sends bytes; returns when the client has taken enough of what was written before.
    ///
    /// - Throws: `ClientGone` when the client left or stopped reading.
    func write(_ bytes: [UInt8]) async throws
}
