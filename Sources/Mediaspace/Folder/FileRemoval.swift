import Glibc

/// Removes one name; what is not there, or no empty folder, stays as it is.
enum FileRemoval {
    /// Removes a file, a socket or a link, never what a link leads to.
    static func file(_ path: String) { unsafe unlink(path) }

    /// Removes a folder that is empty.
    static func emptyFolder(_ path: String) { unsafe rmdir(path) }
}
