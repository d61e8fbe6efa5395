import Catalog
import Synchronization

/// Published videos whose media was asked for in the last second: players and web seeds ask for one range after
/// another, and only the first of a second asks the database.
///
/// A take-down or deletion on this node counts at once (`forget`), on another node within the second.
final class RecentVideos: Sendable {
    private struct Remembered {
        let video: Video
        let at: ContinuousClock.Instant
    }

    private static let lifetime: Duration = .seconds(1)
    private static let capacity = 1024
    private let known = Mutex<[Slug: Remembered]>([:])

    /// The video at a slug; `load` finds it when it is not remembered.
    func video(_ slug: Slug, load: () async throws -> Video) async throws -> Video {
        let found = known.withLock { $0[slug] }
        if let found, ContinuousClock.now - found.at < Self.lifetime { return found.video }
        let asked = ContinuousClock.now
        let video = try await load()
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[slug] = Remembered(video: video, at: asked)
        }
        return video
    }

    /// Forgets a slug whose video has changed.
    func forget(_ slug: Slug) { known.withLock { $0[slug] = nil } }
}
