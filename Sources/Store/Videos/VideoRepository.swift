public import Catalog
import Postgres

/// Videos: their words and states. Where an `owner` is given, the row must be that user's; SQL checks it.
public struct VideoRepository: Sendable {
    let database: Database

    /// The library: published videos, newest first.
    public func published(query: LibraryQuery) async throws(StoreError) -> Page<Video> {
        var condition: SQLQuery = "v.state = 'published'"
        if let tag = query.tag { condition = "\(condition) AND v.tags @> \([tag.rawValue])" }
        if let search = query.search { condition = "\(condition) AND \(Self.finds(search))" }
        return try await page(where: condition, PageWindow(page: query.page, perPage: query.perPage))
    }

    /// The video at an address, in any state; nil if there is none.
    public func video(slug: Slug) async throws(StoreError) -> Video? {
        try await videos(where: "v.slug = \(slug.rawValue)").first
    }

    /// The video with a number, in any state; nil if there is none.
    public func video(id: VideoID) async throws(StoreError) -> Video? {
        try await videos(where: "v.id = \(id.rawValue)").first
    }

    /// Whether there is such a video and it can be seen.
    public func isPublished(_ id: VideoID) async throws(StoreError) -> Bool {
        try await storing {
            try await database.first("SELECT 1 FROM videos WHERE id = \(id.rawValue) AND state = 'published'") != nil
        }
    }

    /// The published videos at several addresses (at most 100), in no order.
    public func published(slugs: [Slug]) async throws(StoreError) -> [Video] {
        let slugs = slugs.prefix(100).map(\.rawValue)
        return try await videos(where: "v.slug = ANY(\(slugs)) AND v.state = 'published'")
    }

    /// One user's videos in any state, newest first.
    public func owned(by owner: UserID, page: Int = 1, perPage: Int = 50) async throws(StoreError) -> Page<Video> {
        try await self.page(where: "v.owner_id = \(owner.rawValue)", PageWindow(page: page, perPage: perPage))
    }

    /// All videos in any state, newest first.
    public func all(page: Int = 1, perPage: Int = 50) async throws(StoreError) -> Page<Video> {
        try await self.page(where: "true", PageWindow(page: page, perPage: perPage))
    }

    /// Videos that show a content, in any state, newest first.
    public func showing(_ media: MediaID) async throws(StoreError) -> [Video] {
        try await videos(where: "v.media_id = \(media.rawValue)")
    }

    /// Changes a video's words. Throws `.notFound` where it is not there or not the owner's.
    public func update(
        _ id: VideoID, _ changes: VideoChanges, owner: UserID?
    ) async throws(StoreError) -> Video {
        try await storing {
            try await database.transaction { transaction in
                let changed = try await transaction.execute(
                    """
                    UPDATE videos v SET
                        title = coalesce(\(changes.title?.rawValue), v.title),
                        description = coalesce(\(changes.description?.rawValue), v.description),
                        tags = coalesce(\(changes.tags?.map(\.rawValue)), v.tags),
                        updated_at = now()
                    WHERE v.id = \(id.rawValue) AND \(Self.belongs(to: owner))
                    """)
                guard changed == 1, let video = try await transaction.video(id) else {
                    throw StoreError.missing("video")
                }
                return video
            }
        }
    }

    /// The newest tags of published videos with how often each is used, most used first.
    public func tags(limit: Int = 50) async throws(StoreError) -> [(tag: String, count: Int)] {
        try await storing {
            try await database.rows(
                """
                SELECT tag, count(*) FROM videos v, unnest(v.tags) AS tag
                WHERE v.state = 'published' GROUP BY tag ORDER BY count(*) DESC, tag LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in (try columns.next(), try columns.next()) }
        }
    }

    // MARK: - Parts of statements

    /// Every word must stand somewhere in title, description or tags. `strpos` knows no wildcards, so `%`, `_` and `\`
    /// are found as they are written.
    private static func finds(_ search: String) -> SQLQuery {
        let words = search.split(whereSeparator: \.isWhitespace).map(String.init)
        return """
            NOT EXISTS (SELECT 1 FROM unnest(\(words)) AS word WHERE strpos(
                lower(v.title || ' ' || v.description || ' ' || array_to_string(v.tags, ' ')), lower(word)) = 0)
            """
    }

    static func belongs(to owner: UserID?) -> SQLQuery {
        owner.map { "v.owner_id = \($0.rawValue)" } ?? "true"
    }

    private func videos(where condition: SQLQuery) async throws(StoreError) -> [Video] {
        try await storing {
            try await database.rows(
                """
                SELECT \(Video.selection) FROM \(Video.tables)
                WHERE \(condition) ORDER BY v.published_at DESC, v.id DESC LIMIT 500
                """
            ).read { (columns) throws(PostgresError) in try Video(columns: &columns) }
        }
    }

    private func page(where condition: SQLQuery, _ window: PageWindow) async throws(StoreError) -> Page<Video> {
        try await storing {
            let total: Int? = try await database.first("SELECT count(*) FROM videos v WHERE \(condition)")?.column(0)
            let items = try await database.rows(
                """
                SELECT \(Video.selection) FROM \(Video.tables)
                WHERE \(condition) ORDER BY v.published_at DESC, v.id DESC \(window.limits)
                """
            ).read { (columns) throws(PostgresError) in try Video(columns: &columns) }
            return window.page(items, total: total ?? 0)
        }
    }
}

extension Transaction {
    func video(_ id: VideoID) async throws(PostgresError) -> Video? {
        try await first("SELECT \(Video.selection) FROM \(Video.tables) WHERE v.id = \(id.rawValue)")?
            .read { (columns) throws(PostgresError) in try Video(columns: &columns) }
    }
}
