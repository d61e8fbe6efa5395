import Catalog
import Postgres

extension Video {
    /// Everything about videos, in the order `init(columns:)` reads, and the tables it comes from.
    static let selection: SQLQuery = """
        v.id, v.slug, v.title, v.description, v.tags, v.state, v.owner_id, u.name,
        v.created_at, v.published_at, v.updated_at, \(MediaSummary.selection), m.has_thumbnail,
        t.info_hash, t.info_hash_v2, t.piece_length, t.piece_count, t.other_trackers
        """
    static let tables: SQLQuery = """
        videos v JOIN users u ON u.id = v.owner_id JOIN media m ON m.id = v.media_id
        LEFT JOIN torrents t ON t.media_id = m.id
        """

    init(columns: inout Columns) throws(PostgresError) {
        let id: VideoID = try columns.id()
        guard let slug = Slug(try columns.next(String.self)) else { throw Columns.unreadable("slug") }
        let title: String = try columns.next()
        let description: String = try columns.next()
        let tags: [String] = try columns.next()
        guard let state = VideoState(rawValue: try columns.next()) else { throw Columns.unreadable("state") }
        self.init(
            id: id, slug: slug, title: title, description: description, tags: tags, state: state,
            ownerID: try columns.id(), ownerName: try columns.next(),
            times: (try columns.time(), try columns.time(), try columns.time()),
            media: try MediaSummary(columns: &columns), hasThumbnail: try columns.next(),
            torrent: try TorrentSummary(columns: &columns))
    }

    /// The same in the order of the columns; arguments are evaluated from left to right.
    private init(
        id: VideoID, slug: Slug, title: String, description: String, tags: [String], state: VideoState,
        ownerID: UserID, ownerName: String, times: (created: Timestamp, published: Timestamp, updated: Timestamp),
        media: MediaSummary, hasThumbnail: Bool, torrent: TorrentSummary?
    ) {
        self.init(
            id: id, slug: slug, title: title, description: description, tags: tags, state: state, ownerID: ownerID,
            ownerName: ownerName, media: media, torrent: torrent, hasThumbnail: hasThumbnail,
            createdAt: times.created, publishedAt: times.published, updatedAt: times.updated)
    }
}

extension MediaSummary {
    static let selection: SQLQuery = """
        m.id, m.size, m.media_type, m.file_name, m.duration, m.width, m.height, m.container, m.facts, m.etag
        """

    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            id: try columns.id(), size: try columns.next(), mediaType: try columns.next(),
            fileName: try columns.next(), duration: try columns.next(Double?.self),
            width: try columns.next(Int?.self), height: try columns.next(Int?.self), container: try columns.next(),
            facts: try columns.next(), etag: try columns.next())
    }
}

extension TorrentSummary {
    /// Nil where the torrent's columns are all NULL.
    init?(columns: inout Columns) throws(PostgresError) {
        let hash = try columns.optionalInfoHash()
        let hashV2 = try columns.infoHashV2()
        let pieceLength = try columns.next(Int?.self)
        let pieceCount = try columns.next(Int?.self)
        let others = try columns.next(String?.self).flatMap { try? TrackerTiers(text: $0) }
        guard let hash, let pieceLength, let pieceCount else { return nil }
        self.init(
            infoHash: hash, infoHashV2: hashV2, pieceLength: pieceLength, pieceCount: pieceCount,
            otherTrackers: others ?? .none)
    }
}
