/// A video (or sound) on the site: its words, its content and that content's torrent.
public struct Video: Equatable, Sendable {
    /// The video's number.
    public let id: VideoID
    /// Its place in addresses; never changes.
    public let slug: Slug
    /// The title.
    public let title: String
    /// The description: plain text.
    public let description: String
    /// The tags, in its owner's order.
    public let tags: [String]
    /// Whether it can be seen.
    public let state: VideoState
    /// Who published it.
    public let ownerID: UserID
    /// The login name of who published it.
    public let ownerName: String
    /// The content it shows.
    public let media: MediaSummary
    /// The content's torrent; nil while BitTorrent was off and none has been made.
    public let torrent: TorrentSummary?
    /// Whether there is a picture of it.
    public let hasThumbnail: Bool
    /// When the row was made.
    public let createdAt: Timestamp
    /// When it was published.
    public let publishedAt: Timestamp
    /// When its words or state last changed.
    public let updatedAt: Timestamp

    /// Makes a video from its parts.
    public init(
        id: VideoID, slug: Slug, title: String, description: String, tags: [String], state: VideoState,
        ownerID: UserID, ownerName: String, media: MediaSummary, torrent: TorrentSummary?, hasThumbnail: Bool,
        createdAt: Timestamp, publishedAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.slug = slug
        self.title = title
        self.description = description
        self.tags = tags
        self.state = state
        self.ownerID = ownerID
        self.ownerName = ownerName
        self.media = media
        self.torrent = torrent
        self.hasThumbnail = hasThumbnail
        self.createdAt = createdAt
        self.publishedAt = publishedAt
        self.updatedAt = updatedAt
    }
}
