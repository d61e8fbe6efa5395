import Catalog
import Store

/// Ends what is done for a film as soon as the film is taken down or deleted, by whichever node.
struct FilmWatch: Sendable {
    static let gone = PublishingError(.notFound, "This film is no longer here.")

    let store: Store
    let seconds: Double

    /// Runs `body`; cancels it and throws ``gone`` when the film is no longer published. While the database does not
    /// answer, `body` goes on.
    ///
    /// - Parameter ended: what ends at once then, however long `body` takes to notice that it is cancelled.
    func whilePublished<T: Sendable>(
        _ video: VideoID, ended: @escaping @Sendable () async -> Void = {},
        _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: T.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(seconds))
                    if (try? await store.videos.isPublished(video)) == false {
                        await ended()
                        throw Self.gone
                    }
                }
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw Self.gone }
            return value
        }
    }
}
