import Glibc

/// The folder below which a torrent's files lie. Paths are walked component by component without following symbolic
/// links, so that nothing outside the folder is ever opened, whatever others do to it meanwhile.
struct ContentFolder: Sendable {
    /// Path of the folder. It may itself lead through links: the operator chose it.
    let path: String

    /// The path of something below, for messages.
    func path(of components: [String]) -> String { ([path] + components).joined(separator: "/") }

    /// Opens a file below. Never waits for the other end of a pipe. `flags` are those of open(2).
    func open(_ components: [String], flags: CInt, makingFolders: Bool) throws(StorageError) -> OpenDescriptor {
        guard let name = components.last else { throw .notAFile(path: path) }
        let isWriting = makingFolders || flags & O_ACCMODE != O_RDONLY
        let parent = try openFolder(Array(components.dropLast()), making: makingFolders)
        let flags = flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let number = unsafe openat(parent.number, name, flags, 0o666)
        guard number >= 0 else {
            let code = errno
            if code == ELOOP { throw .unsafePath(path: path(of: components)) }
            if code == EISDIR || code == ENXIO { throw .notAFile(path: path(of: components)) }
            throw Self.error(code, path(of: components), isWriting: isWriting)
        }
        return OpenDescriptor(number)
    }

    /// Opens a folder below; the folder itself for no components.
    func openFolder(_ components: [String], making: Bool) throws(StorageError) -> OpenDescriptor {
        var folder = try openRoot(making: making)
        for depth in components.indices {
            folder = try descend(from: folder, components[...depth], making: making)
        }
        return folder
    }

    private func openRoot(making: Bool) throws(StorageError) -> OpenDescriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var number = unsafe Glibc.open(path, flags)
        if number < 0, errno == ENOENT, making {
            makeRoot()
            number = unsafe Glibc.open(path, flags)
        }
        guard number >= 0 else {
            let code = errno
            if code == ENOTDIR { throw .notAFile(path: path) }
            throw Self.error(code, path, isWriting: making)
        }
        return OpenDescriptor(number)
    }

    /// Failures show when the folder is opened.
    private func makeRoot() {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            made += "/" + component
            _ = unsafe mkdir(made, 0o777)
        }
    }

    private func descend(
        from folder: OpenDescriptor, _ components: ArraySlice<String>, making: Bool
    ) throws(StorageError) -> OpenDescriptor {
        guard let name = components.last else { return folder }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var number = unsafe openat(folder.number, name, flags)
        if number < 0, errno == ENOENT, making {
            _ = unsafe mkdirat(folder.number, name, 0o777)
            number = unsafe openat(folder.number, name, flags)
        }
        if number >= 0 { return OpenDescriptor(number) }
        let code = errno
        let path = path(of: Array(components))
        if code == ELOOP || code == ENOTDIR {
            throw isLink(name, in: folder) ? .unsafePath(path: path) : .notAFile(path: path)
        }
        throw Self.error(code, path, isWriting: making)
    }

    /// Whether a name is that of a symbolic link.
    private func isLink(_ name: String, in folder: OpenDescriptor) -> Bool {
        var facts = stat()
        let isThere = unsafe fstatat(folder.number, name, &facts, AT_SYMLINK_NOFOLLOW) == 0
        return isThere && facts.st_mode & S_IFMT == S_IFLNK
    }

    private static func error(_ errno: CInt, _ path: String, isWriting: Bool) -> StorageError {
        isWriting ? .writing(path, errno: errno) : .unreadable(path: path, errno: errno)
    }
}
