/// Why the engine could not do what it was asked.
public enum EngineError: Error, Sendable, Equatable {
    /// The engine has been stopped.
    case stopped
    /// It does not know such a torrent.
    case unknownTorrent
    /// The magnet link names no hash.
    case missingInfoHash
    /// Another torrent of the same hash is seeded from elsewhere.
    case seededElsewhere
    /// The bytes asked for are not within the torrent.
    case outOfRange
    /// The torrent was removed, or stopped for good, while something waited for it.
    case removed
    /// The task that waited was cancelled.
    case cancelled
    /// The torrent has failed; the reason is a sentence.
    case failed(reason: String)
}

extension EngineError: CustomStringConvertible {
    /// A sentence.
    public var description: String {
        switch self {
        case .stopped: "The engine has been stopped."
        case .unknownTorrent: "There is no such torrent."
        case .missingInfoHash: "The magnet link names no info hash."
        case .seededElsewhere: "The same torrent is seeded from another place."
        case .outOfRange: "The bytes asked for are not within the torrent."
        case .removed: "The torrent was removed."
        case .cancelled: "It was cancelled."
        case .failed(let reason): reason
        }
    }
}
