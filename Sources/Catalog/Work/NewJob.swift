/// A job to be queued.
public struct NewJob: Equatable, Sendable {
    /// What to do.
    public var kind: JobKind
    /// The content it is about; where nil in a `PublishRecord`, the published content.
    public var mediaID: MediaID?
    /// More to know, as its kind likes it.
    public var payload: String
    /// Seconds until it may be claimed.
    public var delay: Int

    /// Makes a job from its parts.
    public init(kind: JobKind, mediaID: MediaID? = nil, payload: String = "", delay: Int = 0) {
        self.kind = kind
        self.mediaID = mediaID
        self.payload = payload
        self.delay = delay
    }
}
