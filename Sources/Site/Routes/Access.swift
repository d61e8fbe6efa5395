import Accounts
import Catalog

/// Who may use a route. Written on every route; there is no route without it.
enum Access: String, Sendable, CaseIterable {
    /// Visitors too.
    case everyone
    /// Whoever is logged in.
    case viewers
    /// Who may upload. What belongs to someone is checked against its owner by the act.
    case publishers
    /// Who runs the site.
    case admins

    /// The least role; nil for visitors.
    private var role: Role? {
        switch self {
        case .everyone: nil
        case .viewers: .viewer
        case .publishers: .publisher
        case .admins: .admin
        }
    }

    /// What is to be done with a request by `viewer`.
    func judge(_ viewer: Viewer?) -> Verdict {
        guard let role else { return .granted }
        guard let viewer else { return .loginNeeded }
        return viewer.has(role) ? .granted : .forbidden
    }

    /// The three outcomes.
    enum Verdict: Sendable, Equatable { case granted, loginNeeded, forbidden }
}
