import Glibc
import Metainfo

/// The files as a whole: made, looked at, removed.
extension TorrentStorage {
    /// Makes the folders and the empty files, and looks whether anything is in the way of the others: before a
    /// download.
    func prepare() throws(StorageError) {
        for file in info.files.indices where !info.files[file].isPadding {
            let length = info.files[file].length
            if length == 0 {
                let descriptor = try contentFolder.open(
                    components(of: file), flags: O_RDWR | O_CREAT, makingFolders: true)
                if let facts = descriptor.facts, facts.st_size > 0 { throw .foreignFile(path: path(of: file)) }
            } else if let found = try facts(of: file), found.size > length {
                throw .foreignFile(path: path(of: file))
            }
        }
    }

    /// What is known of each file, by its number; nil for padding and where no file is.
    func facts() throws(StorageError) -> [FileFacts?] {
        var all: [FileFacts?] = []
        all.reserveCapacity(info.files.count)
        for file in info.files.indices { all.append(try facts(of: file)) }
        return all
    }

    /// What is known of one file; nil for padding and when it is not there.
    func facts(of file: Int) throws(StorageError) -> FileFacts? {
        guard !info.files[file].isPadding else { return nil }
        do throws(StorageError) {
            let components = components(of: file)
            let parent = try contentFolder.openFolder(Array(components.dropLast()), making: false)
            var facts = stat()
            guard unsafe fstatat(parent.number, components.last ?? "", &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw .unreadable(path: path(of: file), errno: errno)
            }
            switch facts.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFLNK: throw .unsafePath(path: path(of: file))
            default: throw .notAFile(path: path(of: file))
            }
            let (seconds, nanoseconds) = (Int64(facts.st_mtim.tv_sec), Int64(facts.st_mtim.tv_nsec))
            return FileFacts(size: Int64(facts.st_size), modified: seconds &* 1_000_000_000 &+ nanoseconds)
        } catch .unreadable(_, ENOENT) {
            return nil
        }
    }

    /// Whether any of the torrent's files is there.
    func isAnythingThere() throws(StorageError) -> Bool {
        for file in info.files.indices where try facts(of: file) != nil { return true }
        return false
    }

    /// The first file that is there, has bytes and not one good piece: it is somebody else's, since only good pieces
    /// make files. For a check without a saved state, before anything is written.
    func foreignFile(besides have: Bitfield) throws(StorageError) -> String? {
        for file in info.files.indices where info.files[file].length > 0 {
            guard let found = try facts(of: file), found.size > 0 else { continue }
            let pieces = pieces(of: file)
            if !pieces.contains(where: { have[Int($0)] }) { return path(of: file) }
        }
        return nil
    }

    /// The pieces that hold bytes of a file; none for an empty one.
    func pieces(of file: Int) -> Range<UInt32> {
        let entry = info.files[file]
        guard entry.length > 0,
            let pieces = info.layout.pieces(covering: entry.offset..<entry.offset + entry.length)
        else { return 0..<0 }
        return pieces.lowerBound.rawValue..<pieces.upperBound.rawValue + 1
    }

    /// Removes the torrent's files and the folders that become empty by that. Files of others stay. What cannot be
    /// removed is told after everything else is gone.
    func remove() throws(StorageError) {
        reset()
        var failure: StorageError?
        var folders: Set<[String]> = []
        for file in info.files.indices where !info.files[file].isPadding {
            let components = components(of: file)
            do throws(StorageError) { try unlink(components, flags: 0) } catch { failure = failure ?? error }
            for depth in components.indices.dropFirst() { folders.insert(Array(components[..<depth])) }
        }
        for folder in folders.sorted(by: { $0.count > $1.count }) {
            do throws(StorageError) {
                try unlink(folder, flags: AT_REMOVEDIR)
            } catch .unwritable(_, ENOTEMPTY), .unwritable(_, EEXIST) {
                continue
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func unlink(_ components: [String], flags: CInt) throws(StorageError) {
        let path = contentFolder.path(of: components)
        let parent: OpenDescriptor
        do throws(StorageError) {
            parent = try contentFolder.openFolder(Array(components.dropLast()), making: false)
        } catch .unreadable(_, ENOENT) {
            return
        }
        guard unsafe unlinkat(parent.number, components.last ?? "", flags) != 0, errno != ENOENT else { return }
        let code = errno
        throw code == EISDIR || code == ENOTDIR ? .notAFile(path: path) : .unwritable(path: path, errno: code)
    }
}
