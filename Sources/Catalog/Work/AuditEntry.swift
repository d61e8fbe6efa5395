/// One line of the record of what was done on the site.
public struct AuditEntry: Equatable, Sendable {
    /// The line's number.
    public let id: Int64
    /// When, by the database's clock.
    public let at: Timestamp
    /// What: `video.takedown`, `settings.change` and so on.
    public let action: String
    /// Who; nil for the server itself.
    public let by: UserID?
    /// The login name of who.
    public let byName: String?
    /// The video it was done to.
    public let video: VideoID?
    /// Why, or what changed.
    public let reason: String
    /// The title that video has now; nil where it is gone.
    public let videoTitle: String?
    /// Where that video is found; nil where it is gone.
    public let videoSlug: Slug?

    /// Makes an entry from its parts.
    public init(
        id: Int64, at: Timestamp, action: String, by: UserID?, byName: String?, video: VideoID?, reason: String,
        videoTitle: String? = nil, videoSlug: Slug? = nil
    ) {
        self.id = id
        self.at = at
        self.action = action
        self.by = by
        self.byName = byName
        self.video = video
        self.reason = reason
        self.videoTitle = videoTitle
        self.videoSlug = videoSlug
    }
}
