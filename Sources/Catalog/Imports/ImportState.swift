/// How far an import is; its text is stored.
public enum ImportState: String, Sendable, CaseIterable {
    /// Nobody works on it yet.
    case waiting
    /// Its metadata or its bytes are being fetched.
    case fetching
    /// The torrent has several films: the publisher has to choose one.
    case choosing
    /// All bytes are there and become a film of the site.
    case publishing
    /// It is a video now.
    case done
    /// It ended with a reason; it may be tried again.
    case failed
    /// The publisher gave it up.
    case cancelled

    /// Whether it may still become a video by itself.
    public var isUnderWay: Bool {
        switch self {
        case .waiting, .fetching, .choosing, .publishing: true
        case .done, .failed, .cancelled: false
        }
    }
}
