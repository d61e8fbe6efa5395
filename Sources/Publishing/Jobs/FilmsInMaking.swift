public import Catalog
import Synchronization

/// How far films that are made out of clips have come, as far as this node makes them: no more than pages want to show.
public final class FilmsInMaking: Sendable {
    private let steps = Mutex<[ClipID: MakingStep]>([:])

    /// How far the film of a clip has come; nil where this node does not make it now.
    public func step(of clip: ClipID) -> MakingStep? { steps.withLock { $0[clip] } }

    /// Notes how far it has come while `body` makes it: `body` is given what notes.
    func noting<T>(
        _ clip: ClipID, _ body: (@escaping @Sendable (MakingStep) -> Void) async throws -> T
    ) async rethrows -> T {
        note(clip, .cutting(nil))
        defer { note(clip, nil) }
        return try await body { [weak self] in self?.note(clip, $0) }
    }

    private func note(_ clip: ClipID, _ step: MakingStep?) { steps.withLock { $0[clip] = step } }
}

/// What is being done to make a film out of a clip.
public enum MakingStep: Hashable, Sendable {
    /// The clip is cut into a file; the share that is done, 0...1, where the worker tells: of what it encodes anew.
    case cutting(Double?)
    /// The file is taken in as an upload is; the share that is done, 0...1.
    case takingIn(Double)
}
