/// What is being done with one film or folder of a space.
public enum MediaState: Hashable, Sendable, Codable {
    /// It waits for its turn, or for peers that have its metadata.
    case waiting
    /// What is on the disk is being checked against the hashes.
    case validating
    /// Pieces are being fetched, and those that are here are shared.
    case downloading
    /// Everything wanted is here and is shared with others.
    case seeding
    /// It takes no part in the swarm; something is still missing.
    case paused
    /// Everything wanted is here; it takes no part in the swarm.
    case done
    /// It cannot go on; the reason is a sentence.
    case failed(reason: String)
}

extension MediaState: CustomStringConvertible {
    /// One word, such as `seeding`.
    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .validating: "validating"
        case .downloading: "downloading"
        case .seeding: "seeding"
        case .paused: "paused"
        case .done: "done"
        case .failed: "failed"
        }
    }
}
