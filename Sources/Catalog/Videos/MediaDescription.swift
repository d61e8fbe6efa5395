/// What probing found in a content, as the catalogue keeps it.
public struct MediaDescription: Equatable, Sendable {
    /// The container's short name, such as `mp4`.
    public var container: String
    /// The media type to serve it with, such as `video/mp4`.
    public var mediaType: String
    /// Seconds; nil where the container does not say.
    public var duration: Double?
    /// Width of the picture in pixels as shown; nil for sound.
    public var width: Int?
    /// Height of the picture in pixels as shown; nil for sound.
    public var height: Int?
    /// The prober's whole answer, as JSON in UTF-8.
    public var facts: [UInt8]

    /// Makes a description from its parts.
    public init(
        container: String, mediaType: String, duration: Double?, width: Int?, height: Int?, facts: [UInt8]
    ) {
        self.container = container
        self.mediaType = mediaType
        self.duration = duration
        self.width = width
        self.height = height
        self.facts = facts
    }
}
