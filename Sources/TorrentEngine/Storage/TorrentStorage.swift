import Glibc
import Metainfo
import Synchronization

/// The files of one torrent on disk: `folder/name` for a single file, `folder/name/path...` for several.
///
/// Padding is never on disk. Files are sparse: they get their full length with the first write. Every method may block
/// and belongs on a worker thread; several threads may use one storage at once. Nothing is touched before the first
/// call.
final class TorrentStorage: Sendable {
    /// The torrent whose files these are.
    let info: TorrentInfo
    /// Where each byte lies.
    let map: ContentMap
    let calls: FileCalls
    private let folder: ContentFolder
    private let state: Mutex<State>

    private struct State {
        var cache: DescriptorCache
        /// Files that had their full length once we had opened them for writing.
        var made: Set<Int> = []
    }

    /// Storage below `folder`, which is made when something is written. At most `openFiles` descriptors stay open.
    init(info: TorrentInfo, folder: String, openFiles: Int = 32, calls: FileCalls = .system) {
        self.info = info
        self.calls = calls
        self.folder = ContentFolder(path: folder)
        map = ContentMap(info)
        state = Mutex(State(cache: DescriptorCache(capacity: openFiles)))
    }

    /// Closes all files; what was known about them is forgotten. To be called before trying again after an error.
    func reset() {
        state.withLock {
            $0.cache.forgetAll()
            $0.made = []
        }
    }

    /// Closes all files.
    func closeFiles() { state.withLock { $0.cache.forgetAll() } }

    /// How many descriptors are open.
    var openFileCount: Int { state.withLock { $0.cache.count } }

    /// The components of a file's path below the folder.
    func components(of file: Int) -> [String] {
        info.isSingleFile ? [info.name] : [info.name] + info.files[file].path
    }

    /// The full path of a file.
    func path(of file: Int) -> String { folder.path(of: components(of: file)) }

    /// The path of the torrent's file, or of the folder around its files.
    var contentPath: String { folder.path(of: [info.name]) }

    var contentFolder: ContentFolder { folder }

    /// The number of the file that alone holds every byte of the torrent; nil when there is none.
    var wholeFile: Int? {
        guard !map.hasZeros, let first = map.file(at: 0), info.files[first].length == info.totalLength else {
            return nil
        }
        return first
    }

    /// The descriptor of a file if it is open already. Never blocks.
    func openDescriptor(of file: Int) -> OpenDescriptor? {
        state.withLock { $0.cache.descriptor(of: file, writable: false) }
    }

    /// A file for reading.
    func readable(_ file: Int) throws(StorageError) -> OpenDescriptor {
        if let open = openDescriptor(of: file) { return open }
        let descriptor = try folder.open(components(of: file), flags: O_RDONLY, makingFolders: false)
        _ = try regularFacts(descriptor, file)
        state.withLock { $0.cache.keep(descriptor, of: file, writable: false) }
        return descriptor
    }

    /// A file for writing, made with its full length when it is not there. A file that was there and is not, or has
    /// lost bytes since, is an error: what it held has to be checked.
    func writable(_ file: Int) throws(StorageError) -> OpenDescriptor {
        let (open, isMade) = state.withLock {
            ($0.cache.descriptor(of: file, writable: true), $0.made.contains(file))
        }
        let descriptor: OpenDescriptor
        if let open { descriptor = open } else { descriptor = try openForWriting(file, isMade: isMade) }
        let facts = try regularFacts(descriptor, file)
        let length = info.files[file].length
        guard facts.st_nlink > 0 else { throw lost(file, .vanished(path: path(of: file))) }
        if open == nil, facts.st_size > length { throw .foreignFile(path: path(of: file)) }
        if facts.st_size < length {
            guard !isMade else { throw lost(file, .truncated(path: path(of: file))) }
            guard ftruncate(descriptor.number, off_t(length)) == 0 else { throw .writing(path(of: file), errno: errno) }
        }
        if open == nil {
            state.withLock {
                $0.cache.keep(descriptor, of: file, writable: true)
                $0.made.insert(file)
            }
        }
        return descriptor
    }

    private func openForWriting(_ file: Int, isMade: Bool) throws(StorageError) -> OpenDescriptor {
        let components = components(of: file)
        guard isMade else {
            return try folder.open(components, flags: O_RDWR | O_CREAT, makingFolders: true)
        }
        do throws(StorageError) {
            return try folder.open(components, flags: O_RDWR, makingFolders: false)
        } catch .unwritable(let path, ENOENT), .unreadable(let path, ENOENT) {
            throw .vanished(path: path)
        }
    }

    private func lost(_ file: Int, _ error: StorageError) -> StorageError {
        state.withLock { $0.cache.forget(file) }
        return error
    }

    private func regularFacts(_ descriptor: OpenDescriptor, _ file: Int) throws(StorageError) -> stat {
        guard let facts = descriptor.facts else { throw .unreadable(path: path(of: file), errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path(of: file)) }
        return facts
    }

    /// Files that are put on the disk at most: each may take some milliseconds.
    private static let synchronizedFiles = 512

    /// Puts what was written on the disk itself; false when it was too many files to wait for.
    @discardableResult
    func synchronize() throws(StorageError) -> Bool {
        let made = state.withLock(\.made)
        guard made.count <= Self.synchronizedFiles else { return false }
        for file in made {
            let descriptor = try writable(file)
            guard fdatasync(descriptor.number) == 0 else { throw .writing(path(of: file), errno: errno) }
        }
        return true
    }
}
