import Foundation

/// A file that is being written: an upload's bytes, or a cache file under reconstruction.
///
/// Nothing but its owner knows its name; it is removed with the last reference unless it was moved into the cache.
/// Writing and reading block: call them on a thread that may (``BlockingWork``).
final class SpoolFile: Sendable {
    /// Open for reading and writing.
    let descriptor: CInt
    /// Where the file lies until it is moved or removed.
    let path: String

    /// A path that opens this very file in this process, even when the folder has been emptied meanwhile.
    var descriptorPath: String { "/proc/self/fd/\(descriptor)" }

    /// Makes an empty file that must not exist before.
    init(path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        remove()
        close(descriptor)
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
            }
            if count > 0 {
                written += count
            } else if count == 0 {
                throw FileError(code: ENOSPC)
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Reads exactly `count` bytes from `offset`; a file that ends before is an error.
    func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try readExactly(descriptor, at: offset, count: count)
    }

    /// Removes the file's name where it still has one.
    func remove() { _ = unsafe unlink(path) }
}
