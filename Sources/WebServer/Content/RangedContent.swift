public import HTTPTypes

/// Something that is served with ranges and conditions (RFC 9110, 13 and 14): a film, a clip.
public struct RangedContent: Sendable {
    /// Where the bytes come from.
    public enum Source: Sendable {
        /// An open file, sent by the kernel.
        case file(OpenFile)
        /// A closure that writes exactly the bytes of the range.
        case reader(@Sendable (Range<Int64>, any BodyWriter) async throws -> Void)
    }

    /// The size in bytes.
    public var size: Int64
    /// The entity tag, with or without its quotes; strong.
    public var etag: String
    /// The time of the last change, in seconds since 1970; nil sends no Last-Modified.
    public var lastModified: Int64?
    /// The media type.
    public var contentType: String
    /// The value of Content-Disposition, as `ContentDisposition` formats it.
    public var disposition: String?
    /// Header fields added to 200, 206 and 304, such as Cache-Control.
    public var headers: HTTPFields
    /// Where the bytes come from.
    public var source: Source

    /// Content of these parts.
    public init(
        size: Int64, etag: String, lastModified: Int64? = nil, contentType: String, disposition: String? = nil,
        headers: HTTPFields = [:], source: Source
    ) {
        self.size = size
        self.etag = etag
        self.lastModified = lastModified
        self.contentType = contentType
        self.disposition = disposition
        self.headers = headers
        self.source = source
    }
}
