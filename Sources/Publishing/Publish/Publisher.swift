public import Catalog
public import Logging
public import Media
public import Metainfo
public import Store

/// Publishes, takes down, restores and deletes: the acts that span database, cache, seeder and tracker.
///
/// The database decides; seeder and tracker are then brought in step with it (see `SwarmKeeper`), and again at boot by
/// ``resumeAll()``. So a crash between the two leaves nothing half done.
public struct Publisher: Sendable {
    let store: Store
    let cache: MediaCache
    let keeper: SwarmKeeper
    let work: WorkSignal
    let logger: Logger
    /// Parts of films. A service of its own.
    public let clips: ClipDesk
    /// How far films out of clips have come.
    public let filmsInMaking = FilmsInMaking()

    /// Makes a publisher over the seeder and the tracker of this process. `worker` cuts clips; it is best one of its
    /// own, so that no upload waits for a cut.
    public init(
        store: Store, cache: MediaCache, worker: MediaWorkerClient, limits: ClipLimits = ClipLimits(),
        seeding: any Seeding, registry: any SwarmRegistry, logger: Logger
    ) {
        self.store = store
        self.cache = cache
        self.logger = logger
        work = WorkSignal()
        keeper = SwarmKeeper(store: store, cache: cache, seeding: seeding, registry: registry, logger: logger)
        clips = ClipDesk(store: store, cache: cache, worker: worker, limits: limits, work: work, logger: logger)
    }

    /// Seeds and tracks every published torrent (or none, with BitTorrent off); returns how many there are. Call it at
    /// boot, before the ports open.
    @discardableResult
    public func resumeAll() async throws(PublishingError) -> Int {
        try await keeper.settleAll()
    }

    /// Brings seeder and tracker in step with one torrent's state in the database.
    public func settle(_ hash: InfoHash) async { await keeper.settle(hash) }

    /// Takes a video down: page and media answer 410, and with the last published video of a content its torrent is
    /// refused and no longer seeded. An audit row is written. Publishers reach their own videos only.
    /// Throws `notFound`, `unavailable`.
    public func takeDown(_ id: VideoID, by user: User, reason: String) async throws(PublishingError) {
        try await change { () throws(StoreError) in
            try await store.videos.takeDown(id, by: user.id, owner: user.ownVideosOnly, reason: reason)
        }
    }

    /// Publishes a video that was taken down: the reverse of ``takeDown(_:by:reason:)``.
    public func restore(_ id: VideoID, by user: User) async throws(PublishingError) {
        try await change { () throws(StoreError) in
            try await store.videos.restore(id, by: user.id, owner: user.ownVideosOnly)
        }
    }

    /// Deletes a video. With the last video of a content the torrent is let go, the cache file removed, and the chunks
    /// are deleted in batches by a job. Throws `notFound`, `unavailable`.
    public func delete(_ id: VideoID, by user: User) async throws(PublishingError) {
        let video = try await storing { () throws(StoreError) in try await store.videos.video(id: id) }
        guard let video else { throw PublishingError(.notFound) }
        let use = try await change { () throws(StoreError) in
            try await store.videos.delete(id, by: user.id, owner: user.ownVideosOnly)
        }
        if use.videos == 0 { await cache.remove(video.media.etag) }
        work.wake()
    }

    @discardableResult
    private func change(_ act: () async throws(StoreError) -> ContentUse) async throws(PublishingError) -> ContentUse {
        let use = try await storing(act)
        if let hash = use.infoHash { await keeper.settle(hash) }
        if use.publishedVideos == 0 { await clips.room.forget(use.mediaID) }
        return use
    }
}

extension User {
    /// What the store limits a change to: an admin's reach is everything, anyone else's their own videos.
    var ownVideosOnly: UserID? { role == .admin ? nil : id }
}
