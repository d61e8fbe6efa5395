import Glibc

/// A file that appears under its name whole, or not at all, and never replaces another. Until then it has no name, so
/// that nothing stays of it whatever ends this process.
struct CutTarget: ~Copyable {
    /// Open for reading and writing, empty at first.
    let raw: CInt
    private let path: String
    /// The name it has until it is whole, where the file system has no files without one.
    private let passing: String?
    /// `O_TMPFILE` (open(2)), which is made of two flags.
    private static let withoutName = O_DIRECTORY | 0o20_000_000

    /// Begins the file in the folder of `path`, out of sight. Throws `codecUnfit` for a name whose ending is that of no
    /// film or sound, `occupied` or `outputFailed`.
    init(_ path: String) throws(CutError) {
        try CutFormat.check(fileName: path)
        guard unsafe access(path, F_OK) != 0 else { throw CutError.output(EEXIST) }
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = path[..<slash]
        var raw = unsafe open(folder.isEmpty ? "." : String(folder), O_RDWR | Self.withoutName | O_CLOEXEC, 0o644)
        var passing: String?
        if raw < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) {
            let name = "\(folder).\(UInt64.random(in: .min ... .max)).part"
            raw = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            passing = name
        }
        guard raw >= 0 else { throw CutError.output(errno) }
        self.raw = raw
        self.path = path
        self.passing = passing
    }

    deinit {
        if let passing { _ = unsafe unlink(passing) }
        _ = close(raw)
    }

    /// Gives the file its name.
    borrowing func finish() throws(CutError) {
        if let passing { return try Self.rename(passing, to: path) }
        let own = "/proc/self/fd/\(raw)"
        guard unsafe linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else { throw CutError.output(errno) }
    }

    private static func rename(_ passing: String, to path: String) throws(CutError) {
        // Taking the name first, with O_EXCL, works on every file system; a rename alone would replace.
        let reserved = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard reserved >= 0 else { throw CutError.output(errno) }
        _ = close(reserved)
        guard unsafe Glibc.rename(passing, path) == 0 else {
            let number = errno
            _ = unsafe unlink(path)
            throw CutError.output(number)
        }
    }
}
