public import Catalog

/// A line of the admin's list of torrents.
public struct TorrentLine: Equatable, Sendable {
    /// The torrent.
    public let torrent: SeedableTorrent
    /// The newest video that shows its content.
    public let videoSlug: Slug
    /// That video's title.
    public let videoTitle: String
    /// How many videos show the content.
    public let videoCount: Int
    /// Whether any of them is published.
    public let isPublished: Bool
}
