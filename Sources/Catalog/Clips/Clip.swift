/// A saved part of a film: words and times of its own, everything else is its film's.
public struct Clip: Hashable, Sendable {
    /// The clip's number.
    public let id: ClipID
    /// Its place in addresses; never changes.
    public let slug: Slug
    /// The film it is a part of.
    public let videoID: VideoID
    /// The film's place in addresses.
    public let videoSlug: Slug
    /// The film's title.
    public let videoTitle: String
    /// Whether the film can be seen; a clip can be seen when its film can.
    public let videoState: VideoState
    /// Who saved the clip.
    public let ownerID: UserID
    /// The login name of who saved the clip.
    public let ownerName: String
    /// The title.
    public let title: String
    /// The description: plain text.
    public let description: String
    /// From when to when it goes.
    public let times: ClipTimes
    /// Whether it is a film of its own as well.
    public let making: ClipMaking
    /// When it was saved.
    public let createdAt: Timestamp
    /// When its words last changed.
    public let updatedAt: Timestamp

    /// Makes a clip from its parts.
    public init(
        id: ClipID, slug: Slug, videoID: VideoID, videoSlug: Slug, videoTitle: String, videoState: VideoState,
        ownerID: UserID, ownerName: String, title: String, description: String,
        times: ClipTimes, making: ClipMaking, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.slug = slug
        self.videoID = videoID
        self.videoSlug = videoSlug
        self.videoTitle = videoTitle
        self.videoState = videoState
        self.ownerID = ownerID
        self.ownerName = ownerName
        self.title = title
        self.description = description
        self.times = times
        self.making = making
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Clip {
    /// Names the publishing of this clip as a film, so that it is done once however often it is begun.
    public var idempotencyKey: String { "clip-\(id.rawValue)" }
}
