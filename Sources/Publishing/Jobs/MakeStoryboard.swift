import Catalog
import Media
import Store

/// Makes a film's sheet of small pictures. A film that gives none goes without.
struct MakeStoryboard: JobHandler {
    let store: Store
    let cache: MediaCache
    let worker: MediaWorkerClient

    func perform(_ job: Job) async throws {
        guard let id = job.mediaID, let media = try await store.media.summary(id) else { return }
        let file = try await cache.openFile(for: media)
        do {
            guard let board = try await worker.storyboard(file: file.path) else { return }
            try await store.media.setStoryboard(board.jpeg, StoryboardSheet(board), of: id)
        } catch let error as MediaError {
            guard error.isFinal else { throw JobError.retry(error.message) }
        }
    }
}

extension StoryboardSheet {
    fileprivate init(_ board: Storyboard) {
        self.init(
            columns: board.columns, rows: board.rows, frames: board.count, tileWidth: board.tileWidth,
            tileHeight: board.tileHeight, secondsEach: board.secondsEach)
    }
}
