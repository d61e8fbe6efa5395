import Glibc

/// An open file that is served: owns its descriptor and closes it when the last user lets go.
public final class OpenFile: Sendable {
    /// The size in bytes when it was opened.
    public let size: Int64
    /// The time of the last change, in seconds since 1970.
    public let modified: Int64
    let descriptor: CInt
    private let owner: (any AnyObject & Sendable)?

    /// Opens a regular file for reading.
    ///
    /// - Throws: `OpenFileError` with the system's error number when it cannot be opened, or is no regular file.
    public convenience init(path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw OpenFileError(code: errno) }
        try self.init(owning: descriptor)
    }

    /// Serves a file that someone else has open; that descriptor stays theirs.
    ///
    /// - Parameter owner: held as long as this.
    /// - Throws: `OpenFileError`, as the other initialisers.
    public convenience init(duplicating descriptor: CInt, of owner: (any AnyObject & Sendable)? = nil) throws {
        let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { throw OpenFileError(code: errno) }
        try self.init(owning: own, for: owner)
    }

    /// Takes over a descriptor; it is closed with this object, and at once when this throws.
    public convenience init(owning descriptor: CInt) throws { try self.init(owning: descriptor, for: nil) }

    private init(owning descriptor: CInt, for owner: (any AnyObject & Sendable)?) throws {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw OpenFileError(code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw OpenFileError(code: EINVAL)
        }
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec)
        self.descriptor = descriptor
        self.owner = owner
    }

    deinit {
        close(descriptor)
    }

    /// Reads up to `count` bytes at `offset`; fewer at the end of the file.
    public func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            while filled < count {
                let got = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + filled)
                if got < 0 && errno == EINTR { continue }
                guard got >= 0 else { throw OpenFileError(code: errno) }
                if got == 0 { return }
                filled += got
            }
        }
    }
}

/// A file that could not be opened or read.
public struct OpenFileError: Error, Sendable, Equatable {
    /// The system's error number.
    public let code: CInt
}
