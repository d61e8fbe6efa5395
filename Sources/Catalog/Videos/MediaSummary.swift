/// What is known of one stored content.
public struct MediaSummary: Equatable, Sendable {
    /// The content's number.
    public let id: MediaID
    /// Bytes.
    public let size: Int64
    /// The media type to serve it with, such as `video/mp4`.
    public let mediaType: String
    /// The stable file name: `info.name` of its torrent.
    public let fileName: String
    /// Seconds; nil where the container does not say.
    public let duration: Double?
    /// Width of the picture in pixels as shown; nil for sound.
    public let width: Int?
    /// Height of the picture in pixels as shown; nil for sound.
    public let height: Int?
    /// The container's short name, such as `mp4`.
    public let container: String
    /// The prober's whole answer, as JSON.
    public let facts: [UInt8]
    /// What tells this content from any other: 40 hex digits of the root of its SHA-256 piece tree. Without quotes.
    public let etag: String

    /// Makes a summary from its parts.
    public init(
        id: MediaID, size: Int64, mediaType: String, fileName: String, duration: Double?, width: Int?, height: Int?,
        container: String, facts: [UInt8], etag: String
    ) {
        self.id = id
        self.size = size
        self.mediaType = mediaType
        self.fileName = fileName
        self.duration = duration
        self.width = width
        self.height = height
        self.container = container
        self.facts = facts
        self.etag = etag
    }
}
