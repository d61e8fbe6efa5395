public import Catalog
public import Metainfo
import Postgres

extension TorrentRepository {
    /// Adds to the totals of torrents; unknown hashes are passed over.
    public func addTotals(_ totals: [InfoHash: SwarmTotals]) async throws(StoreError) {
        // One order for all nodes, so that they do not wait for each other in a circle.
        let entries = totals.map { ($0.key.bytes, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        guard !entries.isEmpty else { return }
        let hashes = entries.map(\.0)
        let uploaded = entries.map { Int64(clamping: $0.1.uploaded) }
        let completed = entries.map { Int64(clamping: $0.1.completed) }
        try await storing {
            try await database.transaction { transaction in
                try await transaction.execute(
                    """
                    UPDATE torrents t SET uploaded = t.uploaded + e.uploaded, completed = t.completed + e.completed
                    FROM unnest(\(hashes), \(uploaded), \(completed)) AS e (info_hash, uploaded, completed)
                    WHERE t.info_hash = e.info_hash
                    """)
            }
        }
    }

    /// A torrent's totals.
    public func totals(_ hash: InfoHash) async throws(StoreError) -> SwarmTotals? {
        try await storing {
            try await database.first("SELECT uploaded, completed FROM torrents WHERE info_hash = \(hash.bytes)")?
                .read { (columns) throws(PostgresError) in try SwarmTotals(columns: &columns) }
        }
    }

    /// The admin's list: torrents of all videos, newest first.
    public func list(page: Int = 1, perPage: Int = 50) async throws(StoreError) -> Page<TorrentLine> {
        let window = PageWindow(page: page, perPage: perPage)
        return try await storing {
            let total: Int? = try await database.first("SELECT count(*) FROM torrents")?.column(0)
            let lines = try await database.rows(
                """
                SELECT \(SeedableTorrent.selection), newest.slug, newest.title, uses.number, uses.published
                FROM torrents t JOIN media m ON m.id = t.media_id
                CROSS JOIN LATERAL (
                    SELECT v.slug, v.title FROM videos v WHERE v.media_id = m.id ORDER BY v.id DESC LIMIT 1) newest
                CROSS JOIN LATERAL (
                    SELECT count(*) AS number, bool_or(v.state = 'published') AS published
                    FROM videos v WHERE v.media_id = m.id) uses
                ORDER BY t.created_at DESC, t.info_hash \(window.limits)
                """
            ).read { (columns) throws(PostgresError) in try TorrentLine(columns: &columns) }
            return window.page(lines, total: total ?? 0)
        }
    }
}

extension TorrentLine {
    init(columns: inout Columns) throws(PostgresError) {
        let torrent = try SeedableTorrent(columns: &columns)
        guard let slug = Slug(try columns.next(String.self)) else { throw Columns.unreadable("slug") }
        self.init(
            torrent: torrent, videoSlug: slug, videoTitle: try columns.next(), videoCount: try columns.next(),
            isPublished: try columns.next())
    }
}
