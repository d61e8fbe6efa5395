/// The number of a video.
public struct VideoID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of one stored content: the bytes that one or several videos show.
public struct MediaID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a user.
public struct UserID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a background job.
public struct JobID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a login session.
public struct SessionID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of an API token.
public struct TokenID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}
