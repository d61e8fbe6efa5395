import Glibc

/// Small files that are read and replaced as a whole.
enum WholeFile {
    /// The bytes of a regular file; throws `foreignFile` when it has more than `limit`. Blocking.
    static func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8] {
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw .unreadable(path: path, errno: errno) }
        let descriptor = OpenDescriptor(number)
        guard let facts = descriptor.facts, facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        var bytes: [UInt8] = []
        while true {
            var count = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { room, used in
                count = unsafe Glibc.read(number, room.baseAddress, room.count)
                used = max(0, count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk
            guard bytes.count <= limit else { throw .foreignFile(path: path) }
        }
    }

    /// Puts bytes in the place of a file: whole or not at all, also after a crash. Blocking.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StorageError) {
        let new = path + ".new"
        do throws(StorageError) {
            try write(bytes, to: new)
            guard unsafe rename(new, path) == 0 else { throw .writing(path, errno: errno) }
        } catch {
            _ = unsafe unlink(new)
            throw error
        }
        synchronizeFolder(of: path)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe Glibc.open(path, flags, 0o600)
        guard number >= 0 else { throw .writing(path, errno: errno) }
        let descriptor = OpenDescriptor(number)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe Glibc.write(descriptor.number, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .writing(path, errno: errno) }
            done += count
        }
        guard fsync(descriptor.number) == 0 else { throw .writing(path, errno: errno) }
    }

    /// The new name itself is on the disk only with its folder; where that cannot be asked for, the system does it
    /// later.
    private static func synchronizeFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let number = unsafe Glibc.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        _ = fsync(number)
        _ = close(number)
    }
}
