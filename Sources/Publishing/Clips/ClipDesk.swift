public import Catalog
import ClipIndex
import Logging
import Media
public import ServiceLifecycle
import Store

/// Everything about parts of films: what they cost, cutting them, saving them, making films of them.
///
/// As a service it ends all cuts when the server is told to stop; run it so that it stops before the web server, which
/// waits for its answers.
public struct ClipDesk: Service {
    let store: Store
    let cache: MediaCache
    let limits: ClipLimits
    let indexes: IndexShelf
    let room: CuttingRoom
    let work: WorkSignal
    private let worker: MediaWorkerClient

    init(
        store: Store, cache: MediaCache, worker: MediaWorkerClient, limits: ClipLimits, work: WorkSignal,
        logger: Logger
    ) {
        self.store = store
        self.cache = cache
        self.limits = limits
        self.work = work
        self.worker = worker
        indexes = IndexShelf(store: store, bytes: limits.indexBytes, logger: logger)
        let shelf = KeptClips(limits)
        cache.givesUpFirst(shelf)
        room = CuttingRoom(
            cutter: FilmCutter(cache: cache, worker: worker, leastRate: limits.leastRate), limits: limits,
            disk: CutDisk(shelf, in: cache.folders, limits),
            watch: FilmWatch(store: store, seconds: limits.watchSeconds))
    }

    /// Waits for a graceful shutdown or for being cancelled, and ends all cuts then.
    public func run() async throws {
        try? await gracefulShutdown()
        await room.close()
        worker.dismiss()
    }

    // MARK: - What a clip costs

    /// What a part of a film costs whoever fetches it from the swarm. Who asks may want it cut next: a worker waits then.
    ///
    /// Throws ``PublishingError``: `badRange` with the film's length, `noClipIndex` while the film's index is being
    /// made (with ``PublishingError/retryAfter``) or where none can be, `unavailable`.
    public func plan(_ video: Video, _ times: ClipTimes) async throws(PublishingError) -> ClipCost {
        let media = video.media
        let interval = try ClipRules.interval(times, of: media.duration)
        worker.prepare()
        let index = try await index(of: media)
        let duration = Double(max(0, index.duration)) / 1_000_000
        let plan: ClipPlan
        do throws(ClipPlanError) {
            plan = try index.plan(interval)
        } catch {
            throw PublishingError(.badRange, error.description)
        }
        let grid = video.torrent.flatMap { torrent in
            PieceGrid(
                pieceLength: UInt64(clamping: torrent.pieceLength), torrentLength: UInt64(clamping: media.size),
                fileOffset: 0, fileLength: UInt64(clamping: media.size))
        }
        return ClipCost(
            plan: plan, pieces: grid.map { plan.pieces($0) }, pieceLength: video.torrent?.pieceLength,
            filmBytes: media.size, filmDuration: media.duration ?? duration)
    }

    /// The clip index as it travels in a film's .torrent: by the film's number in the list of files, at most 256 KiB.
    /// Empty while there is none, and where the database does not answer: a .torrent is right without it.
    public func torrentIndex(of media: MediaSummary) async -> [Int: [UInt8]] {
        await indexes.torrentIndex(of: media).map { [0: $0] } ?? [:]
    }

    /// The formats that a film can be cut into, best first; none where it cannot be cut so.
    public func formats(of media: MediaSummary, _ mode: ClipMode) -> [ClipFormat] {
        ClipFormats(media)?.list(mode) ?? []
    }

    func index(of media: MediaSummary) async throws(PublishingError) -> FilmIndex {
        if let index = try await indexes.index(of: media) { return index }
        let isMade = try await storing { () throws(StoreError) in
            try await store.jobs.isUnderWay(.clipIndex, of: media.id)
        }
        guard isMade else { throw PublishingError(.noClipIndex) }
        throw PublishingError(
            .noClipIndex, "The clip index of this film is being made. Try again in a minute.", retryAfter: 20)
    }
}
