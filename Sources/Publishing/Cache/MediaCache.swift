public import Catalog
public import Logging
public import Store
import Synchronization

/// The disk cache in front of the chunks: content addressed, bounded, disposable.
///
/// A file's name is the root of its SHA-256 tree, so a cache folder that meets another database is never wrong, only
/// cold. Any file may vanish at any time, also while it is read: holders of a ``CachedFile`` keep reading, and the next
/// one who asks has it rebuilt from the chunks. A rebuilt file becomes visible only after all its pieces were verified.
public actor MediaCache {
    let folders: CacheFolders
    let store: Store
    let logger: Logger
    private let limitBytes: Int64
    private var recency = CacheRecency()
    private var rebuilding: [String: Task<CachedFile, any Error>] = [:]
    private var pauseRebuildsUntil: ContinuousClock.Instant?
    private let rebuildGate = Turnstile(places: 2)
    private nonisolated let clips = Mutex<KeptClips?>(nil)

    /// Opens the folder, makes it when missing, and removes what a crash left behind.
    ///
    /// - Parameters:
    ///   - directory: used by one server at a time.
    ///   - limitBytes: what the files may take together; the newest file is kept even when it alone is larger.
    /// - Throws: ``PublishingError`` when the folder cannot be made or read.
    public init(directory: String, limitBytes: Int64, store: Store, logger: Logger) throws(PublishingError) {
        folders = CacheFolders(root: directory)
        self.store = store
        self.logger = logger
        self.limitBytes = max(0, limitBytes)
        do {
            try folders.prepare()
            try folders.removeLeftovers()
        } catch {
            throw PublishingError(.internalFault, "The cache folder cannot be used: \(error.message).")
        }
        recency = CacheRecency(files: folders.list())
    }

    // MARK: - Reading

    /// The film's bytes for one HTTP answer: the file when it is there, else the chunks, and a rebuild begins.
    public func content(of media: MediaSummary) -> MediaBody {
        let reference = ContentReference(media)
        if let file = openIfPresent(reference) { return .file(file) }
        if mayRebuild { _ = rebuildTask(reference) }
        return .chunks(size: media.size, ChunkReader(media: media.id, size: media.size, store: store).read)
    }

    /// The open cache file, or nil when there is none (or one of the wrong length, which is removed).
    public func openIfPresent(_ content: ContentReference) -> CachedFile? {
        guard let file = folders.open(content.etag) else {
            recency.forget(content.etag)
            return nil
        }
        guard file.size == content.size else {
            remove(content.etag)
            return nil
        }
        recency.used(content.etag, size: file.size)
        return file
    }

    /// The open cache file; rebuilt from the chunks first when it is missing, once for all who ask meanwhile.
    public func openFile(for content: ContentReference) async throws(PublishingError) -> CachedFile {
        if let file = openIfPresent(content) { return file }
        do {
            return try await rebuildTask(content).value
        } catch let error as PublishingError {
            throw error
        } catch {
            throw PublishingError(.unavailable)
        }
    }

    /// The open cache file of `media`; see ``openFile(for:)-(ContentReference)``.
    public func openFile(for media: MediaSummary) async throws(PublishingError) -> CachedFile {
        try await openFile(for: ContentReference(media))
    }

    // MARK: - Writing

    /// A fresh spool file for an upload.
    func makeSpool() throws(FileError) -> SpoolFile { try SpoolFile(path: folders.freshSpoolPath()) }

    /// Makes a complete, verified spool file the cache file of a content. Failing to is no loss: the chunks are there.
    func adopt(_ spool: SpoolFile, as etag: String, size: Int64) {
        makeRoom(for: size, keeping: etag)
        do {
            try folders.adopt(spool, as: etag)
            recency.used(etag, size: size)
        } catch {
            logger.warning("cache file not kept", metadata: ["reason": "\(error.message)"])
            spool.remove()
        }
    }

    /// Removes a file: its content is deleted, or reading it failed. Whoever holds it open keeps it.
    public func remove(_ etag: String) {
        folders.remove(etag)
        recency.forget(etag)
    }

    /// Names clips that lie on the same disk: they go before any film does.
    nonisolated func givesUpFirst(_ clips: KeptClips) { self.clips.withLock { $0 = clips } }

    private func dropClips() -> Bool { clips.withLock { $0 }?.dropAll() ?? false }

    /// Gives up clips, or where there are none least recently used files until at least `bytes` are free in the bound;
    /// false when nothing was left to give up.
    func giveUp(atLeast bytes: Int64) -> Bool {
        if dropClips() { return true }
        var freed: Int64 = 0
        while freed < bytes, let (etag, size) = recency.leastRecent() {
            remove(etag)
            freed += max(1, size)
        }
        return freed > 0
    }

    /// Throws `storageFull` when the disk has no room for `bytes` more, even after giving up cache files.
    func requireSpace(_ bytes: Int64) throws(PublishingError) {
        let missing = { () -> Int64 in bytes + Self.reserve - (self.folders.freeBytes() ?? .max / 2) }
        if missing() > 0 { _ = dropClips() }
        if missing() > 0 { _ = giveUp(atLeast: missing()) }
        guard missing() <= 0 else { throw PublishingError(.storageFull) }
    }

    /// Free bytes below which no upload begins, so that a full disk is found before the client has sent anything.
    private static let reserve: Int64 = 1 << 20

    /// Bytes of the files the cache knows of.
    public var usedBytes: Int64 { recency.totalBytes }

    /// Looks at the folder again, since files may come and go behind our back, and keeps the bound.
    func rescan() {
        recency.replace(with: folders.list())
        makeRoom(for: 0, keeping: nil)
    }

    private func makeRoom(for size: Int64, keeping etag: String?) {
        while recency.totalBytes > max(0, limitBytes - size), let (oldest, _) = recency.leastRecent(except: etag) {
            remove(oldest)
        }
    }

    // MARK: - Rebuilding

    private var mayRebuild: Bool { pauseRebuildsUntil.map { $0 <= .now } ?? true }

    private func rebuildTask(_ content: ContentReference) -> Task<CachedFile, any Error> {
        if let running = rebuilding[content.etag] { return running }
        let task = Task { try await self.rebuild(content) }
        rebuilding[content.etag] = task
        return task
    }

    private func rebuild(_ content: ContentReference) async throws -> CachedFile {
        defer { rebuilding[content.etag] = nil }
        do {
            return try await rebuildGate.pass {
                if let file = await self.openIfPresent(content) { return file }
                await self.makeRoom(for: content.size, keeping: content.etag)
                let spool = try await CacheRebuild(content: content, cache: self).run()
                await self.adopt(spool, as: content.etag, size: content.size)
                guard let file = await self.openIfPresent(content) else { throw PublishingError(.unavailable) }
                return file
            }
        } catch {
            pauseRebuildsUntil = .now + .seconds(10)
            logger.warning("cache file not rebuilt", metadata: ["media": "\(content.id)", "reason": "\(error)"])
            throw error
        }
    }
}
