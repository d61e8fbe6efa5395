import Glibc

/// Why the files of a torrent could not be read or written. Its description is a sentence for people.
public enum StorageError: Error, Sendable, Hashable {
    /// There is no room left on the disk, or the user's quota is used up. Nothing that was written is lost.
    case diskFull(path: String)
    /// The system refused to make or write a file.
    case unwritable(path: String, errno: CInt)
    /// The system refused to open or read a file.
    case unreadable(path: String, errno: CInt)
    /// The file is shorter than what was written to it before.
    case truncated(path: String)
    /// The file was there before and is gone.
    case vanished(path: String)
    /// A symbolic link stands where the torrent has a file or folder; it might lead anywhere.
    case unsafePath(path: String)
    /// A folder, device or pipe stands where the torrent has a file, or a file where it has a folder.
    case notAFile(path: String)
    /// A file of that name is there which is not the torrent's: it would have to be overwritten.
    case foreignFile(path: String)
    /// A piece matches the version 1 hash and not that of version 2, or the other way round: the torrent is broken.
    case inconsistentHashes(piece: UInt32)

    /// Whether the files are no longer what they were: they have to be checked before going on.
    public var needsCheck: Bool {
        switch self {
        case .truncated, .vanished, .foreignFile, .unreadable: true
        case .diskFull, .unwritable, .unsafePath, .notAFile, .inconsistentHashes: false
        }
    }

    static func writing(_ path: String, errno: CInt) -> StorageError {
        errno == ENOSPC || errno == EDQUOT ? .diskFull(path: path) : .unwritable(path: path, errno: errno)
    }
}

extension StorageError: CustomStringConvertible {
    /// What happened and what can be done, in one sentence or two.
    public var description: String {
        switch self {
        case .diskFull(let path): "The disk is full: \(path) cannot be written. Make room and resume."
        case .unwritable(let path, let errno): "\(path) cannot be written: \(Self.reason(errno))."
        case .unreadable(let path, let errno): "\(path) cannot be read: \(Self.reason(errno))."
        case .truncated(let path): "\(path) was made shorter by somebody else. Its content has to be checked."
        case .vanished(let path): "\(path) was there and is gone. The content has to be checked."
        case .unsafePath(let path): "\(path) is a symbolic link; content is not read or written through links."
        case .notAFile(let path): "\(path) is in the way: the torrent has a file or folder of that name."
        case .foreignFile(let path):
            "\(path) is another file than the torrent's and will not be overwritten. Move it away."
        case .inconsistentHashes(let piece):
            "The torrent is broken: its version 1 and version 2 hashes disagree about piece \(piece)."
        }
    }

    private static func reason(_ errno: CInt) -> String { unsafe String(cString: strerror(errno)) }
}
