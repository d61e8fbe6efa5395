import Synchronization
import TorrentCreation

/// The progress that was told last.
final class LastProgress: Sendable {
    private let stored = Mutex<CreationProgress?>(nil)

    var value: CreationProgress? { stored.withLock { $0 } }

    func set(_ progress: CreationProgress) { stored.withLock { $0 = progress } }
}
