import Catalog
import Synchronization

/// The disk that cuts write to: what running ones may still take, and the finished ones that are kept.
final class CutDisk: Sendable {
    private let shelf: KeptClips
    private let folders: CacheFolders
    private let limits: ClipLimits
    private let promised = Mutex<Int64>(0)
    /// Bytes of finished clips that are kept, or still being sent to someone.
    private let finished = Mutex<Int64>(0)
    private let janitor = Mutex<Task<Void, Never>?>(nil)

    init(_ shelf: KeptClips, in folders: CacheFolders, _ limits: ClipLimits) {
        self.shelf = shelf
        self.folders = folders
        self.limits = limits
    }

    deinit { janitor.withLock { $0?.cancel() } }

    // MARK: - Room

    /// Whether no cut may still write.
    var isIdle: Bool { promised.withLock { $0 == 0 } }

    /// How many bytes a cut may write; to be released after it. Drops kept clips where there is no room. Where that does
    /// not help, throws `storageFull`, or `busy` when other clips are in the way.
    func reserve(_ cut: FilmCut) throws(PublishingError) -> Int64 {
        guard cut.way != .passing else { return 0 }
        let estimate = cut.estimate
        while finishedBytes > limits.keptBytes - estimate.likely, shelf.dropOldest() {}
        guard finishedBytes <= limits.keptBytes - estimate.likely else {
            throw PublishingError(.busy, retryAfter: 30)
        }
        let granted: Int64? = promised.withLock { promised in
            while available(promised) < estimate.likely, shelf.dropOldest() {}
            let room = available(promised)
            guard room >= estimate.likely else { return nil }
            // One of which little is known leaves room for others.
            let share = estimate.isVague ? max(estimate.likely, room / 2) : room
            let granted = min(share, estimate.most)
            promised += granted
            return granted
        }
        guard let granted else {
            throw PublishingError(.storageFull, "There is no room for this clip on the site's disk.")
        }
        return granted
    }

    /// Takes back what ``reserve(_:)`` has granted.
    func release(_ bytes: Int64) { promised.withLock { $0 -= bytes } }

    private var finishedBytes: Int64 { finished.withLock { $0 } }

    private func available(_ promised: Int64) -> Int64 {
        (folders.freeBytes() ?? .max / 2) - promised - limits.diskReserve
    }

    // MARK: - Kept clips

    /// A clip that was cut a moment ago.
    func kept(_ key: CutKey) -> CutFile? { shelf.file(key) }

    /// Keeps a clip until nobody has asked for it for some time.
    func keep(_ file: CutFile, of key: CutKey) {
        let size = file.size
        finished.withLock { $0 += size }
        file.atEnd { [weak self] in self?.finished.withLock { $0 -= size } }
        shelf.keep(file, of: key)
        guard !shelf.isEmpty else { return }
        let pause = Duration.seconds(min(30, max(1, limits.keptSeconds)))
        janitor.withLock { janitor in
            guard janitor == nil else { return }
            janitor = Task { [weak self] in
                repeat { try? await Task.sleep(for: pause) } while self?.tidy() == true && !Task.isCancelled
            }
        }
    }

    /// Drops the clips of a content.
    func forget(_ media: MediaID) { shelf.forget(media) }

    /// Drops all clips.
    func empty() { _ = shelf.dropAll() }

    /// Drops what is too old; false when nothing is left.
    private func tidy() -> Bool {
        janitor.withLock { janitor in
            shelf.purge()
            let isEmpty = shelf.isEmpty
            if isEmpty { janitor = nil }
            return !isEmpty
        }
    }
}
