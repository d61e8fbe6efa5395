public import Catalog

/// A session that is about to be; only the hash of its token is stored.
public struct NewSession: Equatable, Sendable {
    /// SHA-256 of the token: 32 bytes.
    public var tokenHash: [UInt8]
    /// Whose session it is.
    public var userID: UserID
    /// The session's token against forged forms.
    public var csrf: String
    /// Seconds without use after which it ends.
    public var idleSeconds: Int
    /// Seconds after which it ends in any case.
    public var absoluteSeconds: Int

    /// Makes a session from its parts.
    public init(tokenHash: [UInt8], userID: UserID, csrf: String, idleSeconds: Int, absoluteSeconds: Int) {
        self.tokenHash = tokenHash
        self.userID = userID
        self.csrf = csrf
        self.idleSeconds = idleSeconds
        self.absoluteSeconds = absoluteSeconds
    }
}
