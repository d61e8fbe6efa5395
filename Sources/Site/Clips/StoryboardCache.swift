import Catalog
import Synchronization

/// How the storyboards of films are laid out, read once each. One that is not there yet is asked for again after some
/// seconds: the job that makes it may be running.
final class StoryboardCache: Sendable {
    /// What there is of a storyboard.
    enum State: Sendable {
        case made(StoryboardSheet)
        /// A job makes it.
        case comes
        case none

        fileprivate var isLasting: Bool { if case .made = self { true } else { false } }
    }

    private struct Remembered {
        let state: State
        let at: ContinuousClock.Instant
    }

    private static let patience: Duration = .seconds(2)
    private static let capacity = 512
    private let known = Mutex<[MediaID: Remembered]>([:])

    /// What there is of a content's storyboard. `load` asks the database.
    func state(of media: MediaID, load: () async throws -> State) async throws -> State {
        let found = known.withLock { $0[media] }
        if let found, found.state.isLasting || ContinuousClock.now - found.at < Self.patience { return found.state }
        let asked = ContinuousClock.now
        let state = try await load()
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[media] = Remembered(state: state, at: asked)
        }
        return state
    }
}
