import TrackerWire

/// What an announce did, in the words of the announce log.
public enum AnnounceAct: String, CaseIterable, Hashable, Sendable {
    /// The client joined (`started`).
    case register
    /// A regular announce of a client that still wants data.
    case need
    /// A regular announce of a client that wants none: a seeder or a partial seed.
    case update
    /// The client has just got the last byte (`completed`).
    case complete
    /// The client left (`stopped`).
    case exit
    /// The announce was refused.
    case refused

    init(_ request: AnnounceRequest) {
        switch request.event {
        case .started: self = .register
        case .completed: self = .complete
        case .stopped: self = .exit
        case .paused: self = .update
        case .none: self = request.left > 0 ? .need : .update
        }
    }
}
