import Glibc

/// What a path leads to.
enum FileKind: Equatable {
    case file(length: Int64)
    case folder, link, other

    init(path: String, followingLinks: Bool) throws(TorrentCreationError) {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        guard result == 0 else { throw .unreadable(path: path, code: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file(length: Int64(status.st_size))
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}

/// The absolute path with every link resolved; nil (and errno) when it leads nowhere.
func realPath(of path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(validatingCString: resolved)
}

/// The names in a folder but `.` and `..`, in no order.
func namesInFolder(_ path: String) throws(TorrentCreationError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .unreadable(path: path, code: errno) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
        }
        guard let name else { throw .badName(path: path) }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}
