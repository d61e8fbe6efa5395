import Catalog
import Media
import Store

/// A film's bytes out of the database, for a worker that needs only some of them: so a clip of a film that is not in
/// the cache does not wait for all of it.
actor StoredFilm: MediaByteSource {
    /// Bytes that are read from the database at one time; a multiple of this is where they begin.
    private static let step: UInt64 = 1 << 20

    nonisolated let size: UInt64
    private let media: MediaID
    private let store: Store
    private var held: (offset: UInt64, bytes: [UInt8]) = (0, [])

    init(_ media: ContentReference, in store: Store) {
        size = UInt64(clamping: media.size)
        self.media = media.id
        self.store = store
    }

    func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        if offset < held.offset || offset - held.offset >= UInt64(held.bytes.count) {
            let start = offset / Self.step * Self.step
            held = (start, try await read(start..<min(size, start + Self.step)))
        }
        let place = Int(clamping: offset - held.offset)
        guard place < held.bytes.count, count > 0 else { throw PublishingError(.notFound) }
        return Array(held.bytes[place..<min(held.bytes.count, place + count)])
    }

    private func read(_ range: Range<UInt64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        let wanted = Int64(clamping: range.lowerBound)..<Int64(clamping: range.upperBound)
        for try await chunk in store.media.chunks(media, range: wanted) { bytes += chunk }
        return bytes
    }
}
