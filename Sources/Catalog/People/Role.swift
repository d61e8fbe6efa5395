/// What a signed-in user may do; each role may do all that the ones before it may.
public enum Role: String, Comparable, CaseIterable, Sendable {
    /// Looks and downloads.
    case viewer
    /// Uploads, and changes its own videos.
    case publisher
    /// Changes everything, users and settings included.
    case admin

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .publisher: 1
        case .admin: 2
        }
    }

    /// The role that may do less is smaller.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
