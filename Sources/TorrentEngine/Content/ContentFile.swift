import Glibc

/// An open file with a torrent's bytes: a descriptor for positional reads, kept open by the object that owns it.
public struct ContentFile: Sendable {
    /// Readable descriptor of a regular file. Its file position is never used.
    public let descriptor: CInt
    /// Size of the file in bytes when it was opened.
    public let size: Int64
    /// Closes the descriptor when the last `ContentFile` that names it goes away.
    private let owner: any AnyObject & Sendable

    /// Lends a descriptor that `owner` closes in its `deinit`.
    public init(descriptor: CInt, size: Int64, ownedBy owner: any AnyObject & Sendable) {
        self.descriptor = descriptor
        self.size = size
        self.owner = owner
    }

    /// Opens a regular file for reading. Blocking; throws `ContentError.unreadable` with the system's `errno`.
    public init(opening path: String) throws(ContentError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(errno: errno) }
        let owner = DescriptorOwner(descriptor)
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable(errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .unreadable(errno: EINVAL) }
        self.init(descriptor: descriptor, size: Int64(facts.st_size), ownedBy: owner)
    }
}

/// Why content could not be used.
public enum ContentError: Error, Sendable, Equatable {
    /// The system refused to open or read it.
    case unreadable(errno: CInt)
    /// The file is shorter than a read within the torrent needs: it was truncated.
    case truncated
    /// The file does not have the torrent's size.
    case wrongSize(expected: Int64, found: Int64)
}

/// A descriptor that is closed exactly once.
private final class DescriptorOwner: Sendable {
    private let descriptor: CInt
    init(_ descriptor: CInt) { self.descriptor = descriptor }
    deinit { _ = Glibc.close(descriptor) }
}
