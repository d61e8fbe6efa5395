import Catalog
import Synchronization

/// The shelf of finished clips as the cutting room and the cache share it: films count more than clips, so that clips
/// go first where the disk is full.
final class KeptClips: Sendable {
    private let shelf: Mutex<ClipShelf>

    init(_ limits: ClipLimits) {
        shelf = Mutex(ClipShelf(byteLimit: limits.keptBytes, age: .seconds(limits.keptSeconds)))
    }

    /// Whether there is nothing.
    var isEmpty: Bool { shelf.withLock(\.isEmpty) }

    /// A clip, which is thereby used.
    func file(_ key: CutKey) -> CutFile? { shelf.withLock { $0.file(key) } }

    /// Keeps a clip, which may push out others.
    func keep(_ file: CutFile, of key: CutKey) { shelf.withLock { $0.keep(file, of: key) } }

    /// Drops what was not used for long.
    func purge() { shelf.withLock { $0.purge() } }

    /// Drops the clip that was not used for longest; false where there is none.
    func dropOldest() -> Bool { shelf.withLock { $0.dropOldest() } }

    /// Drops the clips of a content.
    func forget(_ media: MediaID) { shelf.withLock { $0.forget(media) } }

    /// Drops everything; false where there was nothing.
    func dropAll() -> Bool {
        shelf.withLock { shelf in
            let hadClips = !shelf.isEmpty
            shelf.removeAll()
            return hadClips
        }
    }
}
