public import Catalog

/// A user with the password's hash.
public struct StoredUser: Equatable, Sendable {
    /// The user.
    public let user: User
    /// The encoded scrypt hash.
    public let passwordHash: String
}
