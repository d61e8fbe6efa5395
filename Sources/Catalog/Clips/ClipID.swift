/// The number of a saved clip.
public struct ClipID: CatalogID {
    /// The number in the database.
    public let rawValue: Int64
    /// Wraps a number from the database.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}
