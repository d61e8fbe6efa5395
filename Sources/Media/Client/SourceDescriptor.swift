import Glibc

/// An open regular file, read only; closed exactly once.
struct SourceDescriptor: ~Copyable {
    let raw: CInt

    private init(owning raw: CInt) { self.raw = raw }
    deinit { _ = close(raw) }

    /// Opens the file at `path`. Throws `unreadable` for what cannot be opened or is no regular file; never waits
    /// for a pipe's other end.
    static func open(_ path: String) throws(MediaError) -> SourceDescriptor {
        let raw = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw MediaError(.unreadable, detail: "open: errno \(errno)") }
        let source = SourceDescriptor(owning: raw)
        var facts = stat()
        guard unsafe fstat(source.raw, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw MediaError(.unreadable, detail: "not a regular file")
        }
        return source
    }
}
