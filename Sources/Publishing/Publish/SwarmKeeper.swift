import Catalog
import Logging
import Metainfo
import Store

/// Keeps seeder and tracker in step with the database: after any change, what the database says about a torrent is
/// applied.
///
/// Changes to one torrent are applied one after another, each from a fresh look at the database, so that a publish and
/// a deletion at the same moment end as the database ends, in whatever order they commit. What could not be looked up
/// is kept and tried again.
actor SwarmKeeper {
    private let store: Store
    private let cache: MediaCache
    private let seeding: any Seeding
    private let registry: any SwarmRegistry
    private let logger: Logger
    private var lastStep: [InfoHash: Task<Void, Never>] = [:]
    private var unsettled: Set<InfoHash> = []
    /// Torrents settled while a walk over all of them runs: fresher than what the walk read.
    private var settledDuringWalk: Set<InfoHash>?
    private let walks = Turnstile(places: 1)

    init(
        store: Store, cache: MediaCache, seeding: any Seeding, registry: any SwarmRegistry, logger: Logger
    ) {
        self.store = store
        self.cache = cache
        self.seeding = seeding
        self.registry = registry
        self.logger = logger
    }

    /// Applies what the database says about one torrent now.
    func settle(_ hash: InfoHash) async {
        settledDuringWalk?.insert(hash)
        await inTurn(hash) { await self.lookUpAndApply(hash) }
    }

    /// Tries again what could not be looked up.
    func settleWhatIsLeft() async {
        for hash in unsettled { await settle(hash) }
    }

    /// Applies what the database says about every torrent; returns how many have a published video.
    /// One walk at a time, so that two turns of the switch end as the second says.
    func settleAll() async throws(PublishingError) -> Int {
        do {
            return try await walks.pass { try await self.walk() }
        } catch {
            throw (error as? StoreError).map { PublishingError($0) } ?? PublishingError(.unavailable)
        }
    }

    private func walk() async throws(StoreError) -> Int {
        let isOn = try await store.settings.load().bittorrentEnabled
        settledDuringWalk = []
        defer { settledDuringWalk = nil }
        try await refuseTakenDown()
        var count = 0
        var last: InfoHash?
        while true {
            let torrents = try await store.torrents.seedable(after: last, limit: 1000)
            for torrent in torrents {
                await inTurn(torrent.infoHash) { await self.applyUnlessFresher(torrent, isOn: isOn) }
            }
            count += torrents.count
            guard let next = torrents.last?.infoHash else { return count }
            last = next
        }
    }

    private func refuseTakenDown() async throws(StoreError) {
        var last: InfoHash?
        repeat {
            let hashes = try await store.torrents.takenDown(after: last)
            for hash in hashes { await inTurn(hash) { await self.refuseUnlessFresher(hash) } }
            last = hashes.last
        } while last != nil
    }

    private func inTurn(_ hash: InfoHash, _ step: @escaping @Sendable () async -> Void) async {
        let previous = lastStep[hash]
        let task = Task {
            await previous?.value
            await step()
        }
        lastStep[hash] = task
        await task.value
        if lastStep[hash] == task { lastStep[hash] = nil }
    }

    private func lookUpAndApply(_ hash: InfoHash) async {
        do {
            let isOn = try await store.settings.load().bittorrentEnabled
            let torrent = try await store.torrents.seedable(hash)
            unsettled.remove(hash)
            if let torrent { return await apply(torrent, isOn: isOn) }
            await registry.refuse(hash, removed: true)
            await seeding.stopSeeding(hash)
        } catch {
            unsettled.insert(hash)
            logger.warning("torrent not settled", metadata: ["info_hash": "\(hash)", "reason": "\(error)"])
        }
    }

    private func applyUnlessFresher(_ torrent: SeedableTorrent, isOn: Bool) async {
        if settledDuringWalk?.contains(torrent.infoHash) != true { await apply(torrent, isOn: isOn) }
    }

    private func refuseUnlessFresher(_ hash: InfoHash) async {
        guard settledDuringWalk?.contains(hash) != true else { return }
        await registry.refuse(hash, removed: true)
        await seeding.stopSeeding(hash)
    }

    private func apply(_ torrent: SeedableTorrent, isOn: Bool) async {
        guard isOn else {
            await registry.refuse(torrent.infoHash, removed: false)
            return await seeding.stopSeeding(torrent.infoHash)
        }
        guard let published = PublishedTorrent(torrent, store: store, cache: cache) else {
            return logger.error("stored torrent is impossible", metadata: ["info_hash": "\(torrent.infoHash)"])
        }
        await registry.allow(
            torrent.infoHash, alias: torrent.alias, size: torrent.size,
            completed: torrent.totals.completed)
        await seeding.seed(published)
    }
}
