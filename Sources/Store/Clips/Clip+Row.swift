import Catalog
import Postgres

extension Clip {
    /// Everything about clips, in the order `init(columns:)` reads, and the tables it comes from.
    static let selection: SQLQuery = """
        c.id, c.slug, c.video_id, v.slug, v.title, v.state, c.owner_id, u.name, c.title, c.description,
        c.starts_at, c.ends_at, c.making, c.making_reason, m.state, m.slug, m.title, c.created_at, c.updated_at
        """
    static let tables: SQLQuery = """
        clips c JOIN videos v ON v.id = c.video_id JOIN users u ON u.id = c.owner_id
        LEFT JOIN videos m ON m.id = c.made_video_id
        """

    init(columns: inout Columns) throws(PostgresError) {
        let id: ClipID = try columns.id()
        let slug = try columns.slug()
        let videoID: VideoID = try columns.id()
        let videoSlug = try columns.slug()
        let videoTitle: String = try columns.next()
        guard let state = VideoState(rawValue: try columns.next()) else { throw Columns.unreadable("state") }
        let owner: UserID = try columns.id()
        let ownerName: String = try columns.next()
        let (title, description): (String, String) = (try columns.next(), try columns.next())
        let times = ClipTimes(start: try columns.next(), end: try columns.next())
        self.init(
            id: id, slug: slug, videoID: videoID, videoSlug: videoSlug, videoTitle: videoTitle, videoState: state,
            ownerID: owner, ownerName: ownerName, title: title, description: description,
            times: times, making: try ClipMaking(columns: &columns), createdAt: try columns.time(),
            updatedAt: try columns.time())
    }
}

extension ClipMaking {
    fileprivate init(columns: inout Columns) throws(PostgresError) {
        let state: String = try columns.next()
        let reason: String = try columns.next()
        let filmState = try columns.next(String?.self).flatMap { VideoState(rawValue: $0) }
        let slug = try columns.next(String?.self).flatMap { Slug($0) }
        let title = try columns.next(String?.self)
        switch (state, slug, title) {
        case (_, let slug?, let title?): self = filmState == .published ? .made(slug: slug, title: title) : .hidden
        case ("making", _, _): self = .making
        case ("failed", _, _): self = .failed(reason: reason)
        default: self = .not
        }
    }
}

extension Columns {
    fileprivate mutating func slug() throws(PostgresError) -> Slug {
        guard let slug = Slug(try next(String.self)) else { throw Self.unreadable("slug") }
        return slug
    }
}
