import Catalog
import Synchronization

/// The clips of films whose page was shown in the last second: a page that many look at asks the database once.
///
/// A change on this node counts at once (`forget`), on another node within the second.
final class RecentClips: Sendable {
    private struct Remembered {
        let clips: [Clip]
        let at: ContinuousClock.Instant
    }

    private static let lifetime: Duration = .seconds(1)
    private static let capacity = 256
    private let known = Mutex<[VideoID: Remembered]>([:])

    /// The clips of a film; `load` finds them when they are not remembered.
    func clips(of video: VideoID, load: () async throws -> [Clip]) async throws -> [Clip] {
        let found = known.withLock { $0[video] }
        if let found, ContinuousClock.now - found.at < Self.lifetime { return found.clips }
        let asked = ContinuousClock.now
        let clips = try await load()
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[video] = Remembered(clips: clips, at: asked)
        }
        return clips
    }

    /// Forgets a film whose clips have changed.
    func forget(_ video: VideoID) { known.withLock { $0[video] = nil } }
}
