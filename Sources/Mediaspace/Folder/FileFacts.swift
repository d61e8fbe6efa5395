import Glibc

/// What a path names, links not followed.
struct FileFacts: Hashable, Sendable {
    let isFile: Bool
    let isFolder: Bool
    let size: Int64
    /// Device and inode, which tell one file from another.
    let device: UInt64
    let inode: UInt64
    /// The later of the times of change of content and of the file itself, in nanoseconds since 1970.
    let changed: Int64

    /// Nil when there is nothing by that name.
    init?(_ path: String) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        isFile = facts.st_mode & S_IFMT == S_IFREG
        isFolder = facts.st_mode & S_IFMT == S_IFDIR
        size = Int64(facts.st_size)
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
        let times = [facts.st_mtim, facts.st_ctim].map { Int64($0.tv_sec) &* 1_000_000_000 &+ Int64($0.tv_nsec) }
        changed = times.max() ?? 0
    }

    func isSame(as other: FileFacts) -> Bool { device == other.device && inode == other.inode }
}
