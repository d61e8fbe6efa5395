import Catalog
public import Metainfo
import Postgres

/// How a list of torrents is ordered by the database.
public enum TorrentOrder: String, CaseIterable, Sendable {
    /// Newest first.
    case newest
    /// By the title of the newest video, in the order of the alphabet.
    case title
    /// Largest film first.
    case size
    /// Most bytes sent first.
    case sent
    /// Most often completed first.
    case completed

    fileprivate var clause: SQLQuery {
        switch self {
        case .newest: "t.created_at DESC"
        case .title: "lower(newest.title)"
        case .size: "m.size DESC"
        case .sent: "t.uploaded DESC"
        case .completed: "t.completed DESC"
        }
    }
}

extension TorrentRepository {
    private static let joins: SQLQuery = """
        torrents t JOIN media m ON m.id = t.media_id
        CROSS JOIN LATERAL (
            SELECT v.slug, v.title FROM videos v WHERE v.media_id = m.id ORDER BY v.id DESC LIMIT 1) newest
        """

    /// The hashes of all torrents that show a video, in order; equal ones newest first.
    ///
    /// - Parameters:
    ///   - search: part of the newest video's title, or a whole info hash of either version in hex; nil finds all.
    ///   - limit: how many at most.
    public func hashes(
        matching search: String? = nil, order: TorrentOrder = .newest, limit: Int = 50_000
    ) async throws(StoreError) -> [InfoHash] {
        var condition: SQLQuery = "true"
        if let search {
            let hash = InfoHash(hex: search)?.bytes ?? []
            let hashV2 = InfoHashV2(hex: search)?.bytes ?? []
            condition = """
                (strpos(lower(newest.title), lower(\(search))) > 0 OR t.info_hash = \(hash)
                    OR t.info_hash_v2 = \(hashV2) OR substring(t.info_hash_v2 FOR 20) = \(hash))
                """
        }
        return try await storing {
            try await database.rows(
                """
                SELECT t.info_hash FROM \(Self.joins) WHERE \(condition)
                ORDER BY \(order.clause), t.created_at DESC, t.info_hash LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in try columns.infoHash() }
        }
    }

    /// The lines of the given torrents, in no order; unknown hashes are passed over.
    public func lines(of hashes: [InfoHash]) async throws(StoreError) -> [TorrentLine] {
        guard !hashes.isEmpty else { return [] }
        return try await storing {
            try await database.rows(
                """
                SELECT \(SeedableTorrent.selection), newest.slug, newest.title, uses.number, uses.published
                FROM \(Self.joins)
                CROSS JOIN LATERAL (
                    SELECT count(*) AS number, bool_or(v.state = 'published') AS published
                    FROM videos v WHERE v.media_id = m.id) uses
                WHERE t.info_hash = ANY(\(hashes.map(\.bytes)))
                """
            ).read { (columns) throws(PostgresError) in try TorrentLine(columns: &columns) }
        }
    }
}
