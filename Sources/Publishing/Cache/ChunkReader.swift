import Catalog
import Store

/// Reads a film from its chunks, for whoever cannot wait for the cache file.
struct ChunkReader: Sendable {
    /// The most bytes handed over at once.
    static let partLength = 256 << 10

    let media: MediaID
    let size: Int64
    let store: Store

    /// Hands over the bytes of `range`, cut to the film's length, in order. Throws ``PublishingError`` when the
    /// database fails or chunks are missing (a video deleted meanwhile), and what `write` throws.
    func read(_ range: Range<Int64>, to write: ([UInt8]) async throws -> Void) async throws {
        let range = range.clamped(to: 0..<size)
        guard !range.isEmpty else { return }
        var chunks = store.media.chunks(media, range: range).makeAsyncIterator()
        while let bytes = try await nextChunk(&chunks) {
            guard bytes.count > Self.partLength else {
                try await write(bytes)
                continue
            }
            for start in stride(from: 0, to: bytes.count, by: Self.partLength) {
                try await write(Array(bytes[start..<min(start + Self.partLength, bytes.count)]))
            }
        }
    }

    private func nextChunk(_ chunks: inout ChunkSequence.Iterator) async throws(PublishingError) -> [UInt8]? {
        do {
            return try await chunks.next()
        } catch {
            throw PublishingError(error)
        }
    }
}
