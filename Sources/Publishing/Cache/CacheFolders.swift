import Foundation

/// Where the cache keeps its files: `media/ab/abcdef...` by content, `spool/` for files being written.
///
/// Both lie on one file system, so a finished spool file becomes a cache file by renaming it. Names come from hashes
/// and random numbers only, never from outside.
struct CacheFolders: Sendable {
    let root: String

    private var mediaFolder: String { root + "/media" }
    private var spoolFolder: String { root + "/spool" }

    /// Makes the folders that are missing, readable by this user only.
    func prepare() throws(FileError) {
        for folder in [mediaFolder, spoolFolder] { try Self.makeFolder(folder) }
    }

    /// Removes spool files: at boot they are what a crash left.
    func removeLeftovers() throws(FileError) {
        for name in Self.names(in: spoolFolder) { _ = unsafe unlink(spoolFolder + "/" + name) }
    }

    /// A name no file has. The folder is made again should it have vanished.
    func freshSpoolPath() throws(FileError) -> String {
        try Self.makeFolder(spoolFolder)
        return spoolFolder + "/" + UUID().uuidString.lowercased()
    }

    /// Every cache file.
    func list() -> [CacheRecency.Listed] {
        Self.names(in: mediaFolder).flatMap { prefix in
            Self.names(in: mediaFolder + "/" + prefix).compactMap { name in
                guard Self.isEtag(name), let facts = Self.facts(of: mediaFolder + "/" + prefix + "/" + name) else {
                    return nil
                }
                return CacheRecency.Listed(etag: name, size: facts.size, modified: facts.modified)
            }
        }
    }

    /// Opens a cache file for reading; nil when there is none.
    func open(_ etag: String) -> CachedFile? {
        guard Self.isEtag(etag) else { return nil }
        let descriptor = unsafe Foundation.open(path(of: etag), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else {
            close(descriptor)
            return nil
        }
        return CachedFile(owning: descriptor, size: Int64(facts.st_size))
    }

    /// Bytes an ordinary user may still write on this disk; nil when the system does not say.
    func freeBytes() -> Int64? {
        var facts = statvfs()
        guard unsafe statvfs(root, &facts) == 0 else { return nil }
        return Int64(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue)
    }

    /// Gives a spool file its content's name.
    func adopt(_ spool: SpoolFile, as etag: String) throws(FileError) {
        guard Self.isEtag(etag) else { throw FileError(code: EINVAL) }
        try Self.makeFolder(mediaFolder + "/" + etag.prefix(2))
        guard unsafe rename(spool.path, path(of: etag)) == 0 else { throw .last }
    }

    /// Removes a cache file; no error when there is none.
    func remove(_ etag: String) {
        if Self.isEtag(etag) { _ = unsafe unlink(path(of: etag)) }
    }

    private func path(of etag: String) -> String { "\(mediaFolder)/\(etag.prefix(2))/\(etag)" }

    /// Hex digits only: whatever else is asked for is no file of ours.
    private static func isEtag(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func makeFolder(_ path: String) throws(FileError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
            throw FileError(code: code.flatMap(CInt.init(exactly:)) ?? EIO)
        }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func facts(of path: String) -> (size: Int64, modified: Int64)? {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return (Int64(facts.st_size), Int64(facts.st_mtim.tv_sec))
    }
}
