import Catalog
import Store

/// Deletes a content's chunks in batches of short transactions, so that a large film holds no lock for long.
struct DeleteChunks: JobHandler {
    static let batch = 256

    let store: Store

    func perform(_ job: Job) async throws {
        guard let id = job.mediaID else { return }
        while try await store.media.deleteChunkBatch(id, limit: Self.batch) > 0 { try Task.checkCancellation() }
        try await store.media.vacuumChunks()
    }
}
