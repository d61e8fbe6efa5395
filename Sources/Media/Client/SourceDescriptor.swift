import Glibc

/// An open regular file, read only; closed exactly once.
struct SourceDescriptor: ~Copyable {
    let raw: CInt
    /// Length in bytes.
    let size: UInt64

    private init(owning raw: CInt, size: UInt64) { (self.raw, self.size) = (raw, size) }
    deinit { _ = close(raw) }

    /// Opens the file at `path`. Throws `unreadable` for what cannot be opened or is no regular file; never waits
    /// for a pipe's other end.
    static func open(_ path: String) throws(MediaError) -> SourceDescriptor {
        let raw = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw MediaError(.unreadable, detail: "open: errno \(errno)") }
        var facts = stat()
        guard unsafe fstat(raw, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            _ = close(raw)
            throw MediaError(.unreadable, detail: "not a regular file")
        }
        return SourceDescriptor(owning: raw, size: UInt64(clamping: facts.st_size))
    }
}
