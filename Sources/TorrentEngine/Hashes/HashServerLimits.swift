/// What one peer may have of us in hashes.
struct HashServerLimits: Hashable, Sendable {
    /// The longest run of hashes in one answer; the leaves of one piece may be more.
    var hashes = 512
    /// How many bytes of the content are hashed for the peer each second.
    var leafBytesPerSecond = 16 << 20
    /// How many may be at once, after a pause. A piece that is longer counts as this many.
    var leafBytesAtOnce = 64 << 20
    /// How many bytes of hashes are sent to it each second.
    var answerBytesPerSecond = 4 << 20
    /// How many may be at once, after a pause.
    var answerBytesAtOnce = 16 << 20
    /// How many of its requests may wait for a worker.
    var waiting = 16
}
