import Glibc

/// A file that appears under its name whole, or not at all, and never replaces another.
struct CutTarget: ~Copyable {
    /// Open for reading and writing, empty at first.
    let raw: CInt
    private let path: String
    private let passing: String

    /// Begins the file in the folder of `path`, out of sight. Throws `occupied` or `outputFailed`.
    init(_ path: String) throws(CutError) {
        guard unsafe access(path, F_OK) != 0 else { throw CutError.output(EEXIST) }
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let passing = "\(path[..<slash]).\(UInt64.random(in: .min ... .max)).part"
        let raw = unsafe open(passing, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard raw >= 0 else { throw CutError.output(errno) }
        self.raw = raw
        self.path = path
        self.passing = passing
    }

    deinit {
        _ = unsafe unlink(passing)
        _ = close(raw)
    }

    /// Gives the file its name.
    borrowing func finish() throws(CutError) {
        // Taking the name first, with O_EXCL, works on every file system; a rename alone would replace.
        let reserved = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard reserved >= 0 else { throw CutError.output(errno) }
        _ = close(reserved)
        guard unsafe rename(passing, path) == 0 else {
            let number = errno
            _ = unsafe unlink(path)
            throw CutError.output(number)
        }
    }
}
