public import Catalog

/// The person behind a request: a user, and how the request proved it.
///
/// A viewer is read from the database for each request, so a changed role or a disabled user counts at once.
public struct Viewer: Sendable, Equatable {
    /// How the request was authenticated.
    public enum Proof: Sendable, Equatable {
        /// A session cookie, with the session's number: state-changing requests also need the CSRF token.
        case session(SessionID)
        /// A bearer token: cannot be sent by another site's page, so no CSRF token is needed.
        case bearer
    }

    /// The user as the database has it now.
    public let user: User
    /// The CSRF token of this session, for forms; empty with a bearer token.
    public let csrf: String
    /// How the request was authenticated.
    public let proof: Proof

    /// Makes a viewer.
    public init(user: User, csrf: String, proof: Proof) {
        self.user = user
        self.csrf = csrf
        self.proof = proof
    }

    /// The session's number, when there is one.
    public var sessionID: SessionID? {
        if case .session(let id) = proof { id } else { nil }
    }

    /// Whether the user's role is at least `role`.
    public func has(_ role: Role) -> Bool { user.role >= role }
}

/// A session just made: the only moment at which its token is known.
public struct OpenedSession: Sendable {
    /// The cookie's value: 32 random bytes in base64url. The database holds only its SHA-256.
    public let token: String
    /// The session's CSRF token.
    public let csrf: String
    /// Who logged in.
    public let user: User
}

/// A bearer token just made: the only moment at which it is known.
public struct NewAPIToken: Sendable {
    /// The token: `rs_` and 32 random bytes in base64url. The database holds only its SHA-256.
    public let token: String
    /// Whose token it is.
    public let user: User
}
