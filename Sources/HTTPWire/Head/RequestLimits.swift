/// How large the parts of a request may be.
public struct RequestLimits: Sendable, Equatable {
    /// The request line, without its CRLF, in bytes; longer is 414.
    public var requestLine = 8192
    /// All header lines with their CRLFs, in bytes; more is 431.
    public var headerBytes = 32_768
    /// The number of header lines; more is 431.
    public var headerCount = 100
    /// One chunk-size line with its extensions, in bytes.
    public var chunkLine = 1024
    /// All chunk extensions of one body, in bytes.
    public var chunkExtensions = 65_536
    /// The trailer section, in bytes.
    public var trailerBytes = 8192

    /// The defaults.
    public init() {}
}
