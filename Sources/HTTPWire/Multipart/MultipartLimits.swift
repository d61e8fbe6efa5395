/// How much a multipart body may hold besides its data.
public struct MultipartLimits: Sendable, Equatable {
    /// The number of parts.
    public var parts = 100
    /// The header section of one part, in bytes.
    public var headerBytes = 8192

    /// The defaults.
    public init() {}
}
