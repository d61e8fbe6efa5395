/// What a torrent is doing.
public enum TorrentState: Sendable, Hashable {
    /// It waits for its metadata.
    case waiting
    /// What lies on the disk is being hashed.
    case validating
    /// Something that is wanted is missing.
    case downloading
    /// Everything wanted is there, and peers are served.
    case seeding
    /// It was stopped by its owner and has no peers.
    case paused
    /// Everything wanted is there; it has no peers.
    case done
    /// It cannot go on until it is resumed; the reason is a sentence.
    case failed(reason: String)
}

extension TorrentState: CustomStringConvertible {
    /// One word, and for a failure its reason.
    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .validating: "validating"
        case .downloading: "downloading"
        case .seeding: "seeding"
        case .paused: "paused"
        case .done: "done"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
