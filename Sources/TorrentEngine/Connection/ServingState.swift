import NIOCore

/// Where a peer's block answers stand: one batch at a time is read and written.
struct ServingState {
    /// Below this rate, in bytes a second, a peer gets small batches, so that slow readers hold little memory.
    static let fastRate = 1_048_576.0
    static let smallBatch = 64 * 1024

    /// A batch is being read or written.
    var isBusy = false
    /// The requests of that batch.
    var batch: [QueuedBlock] = []
    /// Its buffer while it is being written.
    var buffer: ByteBuffer?
    /// Block bytes in the next batch at most.
    var batchBytes = smallBatch
    /// Content bytes written on this connection.
    var uploaded: Int64 = 0
    /// Content bytes written since the last tick.
    var sinceTick: Int64 = 0
    /// Bytes a second, averaged over about five seconds.
    var rate = 0.0
    /// Bytes that waited for the peer at the last tick.
    var waiting = 0
    /// When the peer last took some of what waits for it; nil while nothing waits.
    var stalledSince: ContinuousClock.Instant?

    /// Notes the rate; returns the content bytes since the last call.
    mutating func tick(seconds: Double, batchLimit: Int) -> Int64 {
        defer { sinceTick = 0 }
        if seconds > 0 { rate = rate * 0.8 + Double(sinceTick) / seconds * 0.2 }
        if rate < 1 { rate = 0 }
        batchBytes = rate >= Self.fastRate ? batchLimit : min(Self.smallBatch, batchLimit)
        return sinceTick
    }

    /// Notes how many bytes wait for the peer; returns since when it has not taken any.
    mutating func noteWaiting(_ bytes: Int, now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if bytes == 0 { stalledSince = nil } else if stalledSince == nil || bytes < waiting { stalledSince = now }
        waiting = bytes
        return stalledSince
    }
}
