import Catalog
import Store
import TorrentCreation

/// Writes a film from its chunks into a fresh spool file, and lets it pass only when every piece has its stored hash.
struct CacheRebuild: Sendable {
    let content: ContentReference
    let cache: MediaCache

    /// The complete, verified file. Throws ``PublishingError``: `storageFull`, `unavailable`, `notFound` when the
    /// content is deleted, `broken` when the chunks are not what was published.
    func run() async throws(PublishingError) -> SpoolFile {
        let store = cache.store
        let id = content.id
        guard let expected = try await storing({ () throws(StoreError) in try await store.media.hashes(of: id) }) else {
            throw PublishingError(.notFound)
        }
        let spool: SpoolFile
        let hasher: ParallelHasher
        do {
            spool = try await cache.makeSpool()
            hasher = try ParallelHasher(descriptor: spool.descriptor, pieceLength: expected.pieceLength, hashing: .sha1)
        } catch {
            throw PublishingError(cause: error)
        }
        try await copyChunks(to: spool, hasher)
        try await verify(hasher, expected)
        return spool
    }

    private func copyChunks(to spool: SpoolFile, _ hasher: ParallelHasher) async throws(PublishingError) {
        var offset: Int64 = 0
        var chunks = cache.store.media.chunks(content.id, range: 0..<content.size).makeAsyncIterator()
        do {
            while let bytes = try await chunks.next() {
                try await cache.write(bytes, to: spool, at: offset)
                offset += Int64(bytes.count)
                hasher.advance(to: offset)
            }
        } catch let error as StoreError {
            hasher.cancel()
            throw PublishingError(error)
        } catch {
            hasher.cancel()
            throw error as? PublishingError ?? PublishingError(.unavailable)
        }
    }

    private func verify(_ hasher: ParallelHasher, _ expected: ContentHashes) async throws(PublishingError) {
        let hashes: PieceHashes
        do {
            hashes = try await hasher.finish(totalLength: content.size)
        } catch {
            throw PublishingError(.broken, "The stored film could not be read back.")
        }
        guard hashes.sha1Pieces == expected.sha1Pieces else {
            throw PublishingError(.broken, "The stored film is not what was published.")
        }
    }
}
