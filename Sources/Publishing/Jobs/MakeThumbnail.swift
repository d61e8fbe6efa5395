import Catalog
import Media
import Store

/// Makes a film's picture. A film that gives none keeps the placeholder.
struct MakeThumbnail: JobHandler {
    static let width = 640

    let store: Store
    let cache: MediaCache
    let worker: MediaWorkerClient

    func perform(_ job: Job) async throws {
        guard let id = job.mediaID, let media = try await store.media.summary(id) else { return }
        let file = try await cache.openFile(for: media)
        do {
            guard let jpeg = try await worker.thumbnail(file: file.path, width: Self.width) else { return }
            try await store.media.setThumbnail(jpeg, of: id)
        } catch let error as MediaError {
            guard error.isFinal else { throw JobError.retry(error.message) }
        }
    }
}

extension MediaError {
    /// Whether asking again would give the same answer.
    var isFinal: Bool {
        switch kind {
        case .notAVideo, .codecNotAllowed, .broken, .timedOut: true
        case .unreadable, .workerFailed: false
        }
    }
}
