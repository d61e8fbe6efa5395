import Glibc

/// The regular files below a directory.
enum DirectoryListing {
    /// Paths relative to the directory, in order. Hidden files are left out, and links are not followed into folders.
    ///
    /// - Throws: `OpenFileError` when a directory cannot be read.
    static func files(below root: String) throws -> [String] {
        var found: [String] = []
        var pending = [""]
        while let folder = pending.popLast() {
            for name in try names(in: root + "/" + folder) where !name.hasPrefix(".") {
                let path = folder + name
                var status = stat()
                guard unsafe lstat(root + "/" + path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: pending.append(path + "/")
                case S_IFREG: found.append(path)
                default: continue
                }
            }
        }
        return found.sorted()
    }

    private static func names(in folder: String) throws -> [String] {
        guard let stream = unsafe opendir(folder) else { throw OpenFileError(code: errno) }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }
}
