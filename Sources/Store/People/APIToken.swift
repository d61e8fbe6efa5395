public import Catalog

/// A token for the API, without its secret.
public struct APIToken: Equatable, Sendable {
    /// The token's number.
    public let id: TokenID
    /// What its owner calls it.
    public let label: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last used, to the minute.
    public let usedAt: Timestamp?
}
