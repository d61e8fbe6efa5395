import Glibc

/// Why content could not be used.
public enum ContentError: Error, Sendable, Equatable {
    /// The system refused to open or read it.
    case unreadable(errno: CInt)
    /// The file is shorter than a read within the torrent needs: it was truncated.
    case truncated
    /// The file does not have the torrent's size.
    case wrongSize(expected: Int64, found: Int64)

    init(_ error: StorageError) {
        switch error {
        case .unreadable(_, let errno), .unwritable(_, let errno): self = .unreadable(errno: errno)
        case .truncated: self = .truncated
        case .vanished: self = .unreadable(errno: ENOENT)
        case .unsafePath: self = .unreadable(errno: ELOOP)
        case .diskFull, .notAFile, .foreignFile, .inconsistentHashes: self = .unreadable(errno: EINVAL)
        }
    }
}
