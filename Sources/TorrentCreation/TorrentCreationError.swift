/// Why no torrent could be made.
public enum TorrentCreationError: Error, Equatable {
    /// The piece length is no power of two between 16 KiB and 64 MiB.
    case badPieceLength(Int)
    /// Reading failed; `errno` and the path, or nil for a descriptor that was passed in.
    case unreadable(path: String?, code: Int32)
    /// A file ended before the bytes it promised.
    case truncated(path: String?)
    /// There is no byte to share at this path.
    case empty(path: String)
    /// A link leads out of the folder, or to another folder in it.
    case linkRefused(path: String)
    /// Neither file nor folder: a device, a socket or a pipe.
    case notAFile(path: String)
    /// A name is not UTF-8, so other machines could not write it.
    case badName(path: String)
    /// The tree has more files or deeper folders than a torrent may have.
    case treeTooLarge
    /// The hasher was asked to finish twice, or with fewer bytes than it had been told of.
    case misused
    /// The work was given up.
    case cancelled
}

extension TorrentCreationError: CustomStringConvertible {
    /// A sentence for people.
    public var description: String {
        switch self {
        case .badPieceLength(let length):
            "A piece length of \(length) bytes is not a power of two between 16 KiB and 64 MiB."
        case .unreadable(let path, let code): "\(path ?? "The file") cannot be read (error \(code))."
        case .truncated(let path): "\(path ?? "The file") became shorter while it was read."
        case .empty(let path): "\(path) holds nothing to share."
        case .linkRefused(let path): "\(path) is a link out of the folder or to a folder."
        case .notAFile(let path): "\(path) is neither a file nor a folder."
        case .badName(let path): "\(path) has a name that is not valid UTF-8."
        case .treeTooLarge: "The folder has too many files or is too deep."
        case .misused: "The bytes were counted wrongly."
        case .cancelled: "Given up."
        }
    }
}
