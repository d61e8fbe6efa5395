import Catalog
import ClipIndex
import Media
import Store

/// Makes a film's clip index: from its container's tables, or by reading the whole film where it has none.
struct MakeClipIndex: JobHandler {
    let store: Store
    let cache: MediaCache
    let worker: MediaWorkerClient

    func perform(_ job: Job) async throws {
        guard let id = job.mediaID, let media = try await store.media.summary(id) else { return }
        let file = try await cache.openFile(for: media)
        do {
            let index = try await index(of: file.path)
            guard index.fits(fileLength: UInt64(clamping: media.size)) else { return }
            try await store.media.setIndex(index.encoded(), of: id)
        } catch let error as MediaError {
            guard error.isFinal else { throw JobError.retry(error.message) }
        }
    }

    private func index(of path: String) async throws -> FilmIndex {
        do {
            if let index = try await worker.quickIndex(file: path) { return index }
        } catch {
            try Task.checkCancellation()
        }
        return try await worker.scanIndex(file: path)
    }
}
