import Glibc

/// A file that appears under its name whole, or not at all, and never replaces another.
struct CutTarget: ~Copyable {
    /// Open for reading and writing, empty at first.
    let raw: CInt
    private let path: String
    private let passing: String

    /// Begins the file in the folder of `path`, out of sight. Throws `codecUnfit` for a name whose ending is that of no
    /// film or sound, `occupied` or `outputFailed`.
    init(_ path: String) throws(CutError) {
        if let ending = Self.ending(of: path), CutFormat(fileName: path) == nil { throw .unknownEnding(ending) }
        guard unsafe access(path, F_OK) != 0 else { throw CutError.output(EEXIST) }
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let passing = "\(path[..<slash]).\(UInt64.random(in: .min ... .max)).part"
        let raw = unsafe open(passing, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard raw >= 0 else { throw CutError.output(errno) }
        self.raw = raw
        self.path = path
        self.passing = passing
    }

    /// What looks like an ending: two to five letters or digits behind the last dot; nil for other names.
    private static func ending(of path: String) -> Substring? {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let ending = name[name.index(after: dot)...]
        let isEnding =
            (2...5).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isEnding && ending.contains(where: \.isLetter) ? ending : nil
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

extension CutError {
    fileprivate static func unknownEnding(_ ending: Substring) -> CutError {
        CutError(
            .codecUnfit,
            "No film or sound ends in .\(PlainText.line(String(ending), limit: 20)); "
                + "mp4, mkv, webm, mov, ts, m4a, mp3, ogg, opus, flac and wav do.")
    }
}
