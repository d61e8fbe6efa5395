import PeerWire

/// What becomes of a hash request.
enum HashAnswer: Sendable {
    /// Send this now: the hashes, or that there will be none.
    case send(PeerMessage)
    /// Blocks must be read and hashed: run the job on a worker thread, send what it returns, and call
    /// `HashServer.finished(now:)`, which may have the next one.
    case run(HashJob)
    /// The answer comes later, from `HashServer.finished(now:)`.
    case wait
}
