import Catalog
import ClipIndex
import Logging
import Store

/// Clip indexes in memory: decoded for plans, and thinned for torrents. Each is read and decoded once for all who ask
/// at one time. That there is none is never remembered; that a stored one cannot be used is, for a while.
actor IndexShelf {
    /// Bytes that a .torrent has for an index.
    static let torrentBytes = 256 << 10

    private let store: Store
    private let logger: Logger
    private var decoded: RecentValues<MediaID, FilmIndex>
    private var thinned: RecentValues<MediaID, [UInt8]>
    /// Until when those that cannot be used are not read again.
    private var unusable: RecentValues<MediaID, ContinuousClock.Instant>
    private let patience: Duration
    private var reading: [MediaID: Task<FilmIndex?, any Error>] = [:]

    init(store: Store, bytes: Int, patience: Duration = .seconds(60), logger: Logger) {
        self.store = store
        self.patience = patience
        self.logger = logger
        unusable = RecentValues(bound: 1024)
        decoded = RecentValues(bound: bytes)
        thinned = RecentValues(bound: bytes / 2)
    }

    /// A film's index; nil while there is none that fits the film.
    func index(of media: MediaSummary) async throws(PublishingError) -> FilmIndex? {
        if let index = decoded.value(of: media.id) { return index }
        if let until = unusable.value(of: media.id), until > .now { return nil }
        let task = reading[media.id] ?? begin(media)
        do {
            return try await task.value
        } catch {
            throw (error as? StoreError).map { PublishingError($0) } ?? PublishingError(.unavailable)
        }
    }

    /// A film's index as it travels in a .torrent; nil while there is none.
    func torrentIndex(of media: MediaSummary) async -> [UInt8]? {
        if let bytes = thinned.value(of: media.id) { return bytes }
        guard let index = try? await index(of: media) else { return nil }
        let bytes = await Self.thin(index)
        guard bytes.count <= Self.torrentBytes else { return nil }
        thinned.keep(bytes, of: media.id, cost: bytes.count)
        return bytes
    }

    private func begin(_ media: MediaSummary) -> Task<FilmIndex?, any Error> {
        let task = Task { try await self.read(media) }
        reading[media.id] = task
        return task
    }

    private func read(_ media: MediaSummary) async throws -> FilmIndex? {
        defer { reading[media.id] = nil }
        guard let bytes = try await store.media.index(of: media.id) else { return nil }
        guard let index = await Self.decode(bytes), index.fits(fileLength: UInt64(clamping: media.size)) else {
            unusable.keep(.now + patience, of: media.id, cost: 1)
            logger.warning("stored clip index cannot be used", metadata: ["media": "\(media.id)"])
            return nil
        }
        decoded.keep(index, of: media.id, cost: index.memoryBytes)
        return index
    }

    @concurrent private static func decode(_ bytes: [UInt8]) async -> FilmIndex? { try? FilmIndex(decoding: bytes) }

    @concurrent private static func thin(_ index: FilmIndex) async -> [UInt8] {
        index.thinned(toBytes: torrentBytes).encoded()
    }
}

extension FilmIndex {
    /// About the bytes that it takes in memory.
    fileprivate var memoryBytes: Int {
        streams.reduce(1024) { $0 + $1.buckets.count * MemoryLayout<Bucket>.stride }
    }
}
