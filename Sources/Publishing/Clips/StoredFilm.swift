import Catalog
import Media
import Store

/// A film's bytes out of the database, for a worker that needs only some of them: so a clip of a film that is not in
/// the cache does not wait for all of it.
actor StoredFilm: MediaByteSource {
    /// Some consecutive bytes; the first lies at a multiple of ``windowLength``.
    private struct Window {
        let start: UInt64
        let bytes: [UInt8]
    }

    /// Bytes that are read from the database at one time.
    private static let windowLength: UInt64 = 1 << 20
    /// Windows in memory: where picture and sound lie far apart in a film, a worker reads them in turn.
    private static let mostWindows = 8

    nonisolated let size: UInt64
    private let media: MediaID
    private let store: Store
    /// The one that was used last is the last.
    private var windows: [Window] = []

    init(_ media: ContentReference, in store: Store) {
        size = UInt64(clamping: media.size)
        self.media = media.id
        self.store = store
    }

    func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        guard offset < size, count > 0 else { throw PublishingError(.notFound) }
        let window = try await window(from: offset / Self.windowLength * Self.windowLength)
        let rest = window.bytes.dropFirst(Int(clamping: offset - window.start))
        guard !rest.isEmpty else { throw PublishingError(.notFound) }
        return Array(rest.prefix(count))
    }

    private func window(from start: UInt64) async throws -> Window {
        if let place = windows.firstIndex(where: { $0.start == start }) {
            let window = windows.remove(at: place)
            windows.append(window)
            return window
        }
        if windows.count >= Self.mostWindows { windows.removeFirst() }
        let window = Window(start: start, bytes: try await read(start..<min(size, start + Self.windowLength)))
        windows.append(window)
        return window
    }

    private func read(_ range: Range<UInt64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        let wanted = Int64(clamping: range.lowerBound)..<Int64(clamping: range.upperBound)
        for try await chunk in store.media.chunks(media, range: wanted) { bytes += chunk }
        return bytes
    }
}
