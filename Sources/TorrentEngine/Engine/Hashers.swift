import NIOCore
import NIOPosix

/// The threads on which pieces are hashed, checked and written: apart from those that read blocks for peers, so that a
/// check of a large torrent does not keep peers waiting.
final class Hashers: Sendable {
    /// One for each processor that is not needed for the loop, at least two: one may wait for the disk.
    static let count = max(2, System.coreCount - 1)

    let pool: NIOThreadPool

    init() {
        pool = NIOThreadPool(numberOfThreads: Self.count)
        pool.start()
    }
}
