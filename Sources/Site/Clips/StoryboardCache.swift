import Catalog
import Synchronization

/// How the storyboards of films are laid out, read once each. One that is not there yet is asked for again after some
/// seconds: the job that makes it may be running.
final class StoryboardCache: Sendable {
    private struct Remembered {
        let layout: StoryboardSheet?
        let at: ContinuousClock.Instant
    }

    private static let patience: Duration = .seconds(3)
    private static let capacity = 512
    private let known = Mutex<[MediaID: Remembered]>([:])

    /// The layout of a content's storyboard; nil when there is none. `load` asks the database.
    func layout(of media: MediaID, load: () async throws -> StoryboardSheet?) async throws -> StoryboardSheet? {
        let found = known.withLock { $0[media] }
        if let found, found.layout != nil || ContinuousClock.now - found.at < Self.patience { return found.layout }
        let asked = ContinuousClock.now
        let layout = try await load()
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[media] = Remembered(layout: layout, at: asked)
        }
        return layout
    }
}
