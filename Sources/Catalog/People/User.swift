/// A person with a login.
public struct User: Equatable, Sendable {
    /// The user's number.
    public let id: UserID
    /// The login name.
    public let name: String
    /// What the user may do.
    public let role: Role
    /// Whether the user is locked out; a disabled user has no sessions.
    public let isDisabled: Bool
    /// When the user was added.
    public let createdAt: Timestamp

    /// Makes a user from its parts.
    public init(id: UserID, name: String, role: Role, isDisabled: Bool, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.role = role
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }
}
