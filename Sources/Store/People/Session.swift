public import Catalog

/// A live session.
public struct Session: Equatable, Sendable {
    /// The session's number.
    public let id: SessionID
    /// Whose it is; never a disabled user.
    public let user: User
    /// The session's token against forged forms.
    public let csrf: String
}
