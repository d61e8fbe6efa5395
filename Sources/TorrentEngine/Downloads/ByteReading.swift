import Synchronization

/// Somebody who waits for bytes of a torrent.
struct ByteReading {
    /// Tells the event loop that nobody waits any more.
    final class Withdrawal: Sendable {
        private let flag = Atomic<Bool>(false)

        /// Whether nobody waits any more.
        var isMade: Bool { flag.load(ordering: .acquiring) }

        func make() { flag.store(true, ordering: .releasing) }
    }

    let range: Range<Int64>
    let withdrawal: Withdrawal
    let continuation: CheckedContinuation<Result<[UInt8], EngineError>, Never>

    func fail(_ error: EngineError) { continuation.resume(returning: .failure(error)) }
}
