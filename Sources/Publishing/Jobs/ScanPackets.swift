import Catalog
import ClipIndex
import Media
import Store

/// Reads a whole film for its clip index, where the container has no tables.
struct ScanPackets: JobHandler {
    let store: Store
    let cache: MediaCache
    let worker: MediaWorkerClient

    func perform(_ job: Job) async throws {
        guard let id = job.mediaID, let media = try await store.media.summary(id) else { return }
        let file = try await cache.openFile(for: media)
        do {
            let index = try await worker.scanIndex(file: file.path)
            try await store.media.setIndex(index.encoded(), of: id)
        } catch let error as MediaError {
            guard error.isFinal else { throw JobError.retry(error.message) }
        }
    }
}
