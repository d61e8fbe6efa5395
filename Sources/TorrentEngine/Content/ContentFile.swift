import Glibc
import Metainfo

/// The open content of a torrent. Usually one file: a descriptor for positional reads, kept open by the object that
/// owns it. A torrent of several files is read through its storage, which opens them as they are needed.
public struct ContentFile: Sendable {
    /// Readable descriptor of the regular file that holds the whole torrent; its file position is never used.
    /// -1 when there are several files.
    public let descriptor: CInt
    /// Size of the content in bytes when it was opened, padding included.
    public let size: Int64
    /// Closes the descriptor when the last `ContentFile` that names it goes away.
    private let owner: any AnyObject & Sendable
    /// The files, when they are several.
    let storage: TorrentStorage?

    /// Lends a descriptor that `owner` closes in its `deinit`.
    public init(descriptor: CInt, size: Int64, ownedBy owner: any AnyObject & Sendable) {
        self.descriptor = descriptor
        self.size = size
        self.owner = owner
        storage = nil
    }

    /// Opens a regular file for reading. Blocking; throws `ContentError.unreadable` with the system's `errno`.
    public init(opening path: String) throws(ContentError) {
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .unreadable(errno: errno) }
        let descriptor = OpenDescriptor(number)
        guard let facts = descriptor.facts else { throw .unreadable(errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .unreadable(errno: EINVAL) }
        self.init(descriptor: number, size: Int64(facts.st_size), ownedBy: descriptor)
    }

    /// The files of a torrent; none is opened before it is read.
    init(storage: TorrentStorage) {
        descriptor = -1
        size = storage.info.totalLength
        owner = storage
        self.storage = storage
    }

    /// Fills `room` with the torrent's bytes from `offset` on; nil when all went well. Blocking.
    func read(into room: UnsafeMutableRawBufferPointer, at offset: Int64) -> ContentError? {
        guard let storage else { return unsafe Self.fill(room, from: descriptor, at: offset) }
        do throws(StorageError) {
            try unsafe storage.read(into: room, at: offset)
            return nil
        } catch {
            return ContentError(error)
        }
    }

    /// Fills `room` from one file; nil when all went well. Blocking.
    static func fill(
        _ room: UnsafeMutableRawBufferPointer, from descriptor: CInt, at offset: Int64
    ) -> ContentError? {
        var done = 0
        while done < room.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
            let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count == 0 { return .truncated }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .unreadable(errno: errno) }
            done += count
        }
        return nil
    }
}
