public import Catalog
public import Metainfo
import Postgres

/// Torrents belong to contents; videos share them.
public struct TorrentRepository: Sendable {
    let database: Database

    static let isPublished: SQLQuery =
        "EXISTS (SELECT 1 FROM videos v WHERE v.media_id = m.id AND v.state = 'published')"

    /// Torrents with a published video, by hash, after one; ask again with the last hash until none comes.
    public func seedable(
        after hash: InfoHash? = nil, limit: Int = 1000
    ) async throws(StoreError) -> [SeedableTorrent] {
        try await storing {
            try await database.rows(
                """
                SELECT \(SeedableTorrent.selection) FROM torrents t JOIN media m ON m.id = t.media_id
                WHERE t.info_hash > \(hash?.bytes ?? []) AND \(Self.isPublished) ORDER BY t.info_hash LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in try SeedableTorrent(columns: &columns) }
        }
    }

    /// Torrents whose videos are all taken down, by hash, after one: to be refused for good while that lasts.
    public func takenDown(
        after hash: InfoHash? = nil, limit: Int = 1000
    ) async throws(StoreError) -> [InfoHash] {
        try await storing {
            try await database.rows(
                """
                SELECT t.info_hash FROM torrents t JOIN media m ON m.id = t.media_id
                WHERE t.info_hash > \(hash?.bytes ?? []) AND NOT \(Self.isPublished) ORDER BY t.info_hash LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in try columns.infoHash() }
        }
    }

    /// One torrent, if it has a published video.
    public func seedable(_ hash: InfoHash) async throws(StoreError) -> SeedableTorrent? {
        try await storing {
            try await database.first(
                """
                SELECT \(SeedableTorrent.selection) FROM torrents t JOIN media m ON m.id = t.media_id
                WHERE t.info_hash = \(hash.bytes) AND \(Self.isPublished)
                """
            )?.read { (columns) throws(PostgresError) in try SeedableTorrent(columns: &columns) }
        }
    }

    /// The raw info dictionary of a torrent.
    public func infoBytes(_ hash: InfoHash) async throws(StoreError) -> [UInt8]? {
        try await storing {
            try await database.first("SELECT info FROM torrents WHERE info_hash = \(hash.bytes)")?.column(0)
        }
    }

    /// The piece layers of a torrent by their files' roots (BEP 52): of its one file, if that is longer than a piece.
    /// Empty where there is no such torrent.
    public func pieceLayers(_ hash: InfoHash) async throws(StoreError) -> [[UInt8]: [UInt8]] {
        try await storing {
            let row = try await database.first(
                """
                SELECT h.pieces_root, h.sha256_layer FROM torrents t JOIN media_hashes h ON h.media_id = t.media_id
                WHERE t.info_hash = \(hash.bytes) AND octet_length(h.sha256_layer) > 32
                """)
            guard let row else { return [:] }
            return [try row.column(0, as: [UInt8].self): try row.column(1, as: [UInt8].self)]
        }
    }

    /// Published contents without a torrent, oldest first.
    public func missing(limit: Int = 100) async throws(StoreError) -> [MediaSummary] {
        try await storing {
            try await database.rows(
                """
                SELECT \(MediaSummary.selection) FROM media m
                WHERE m.state = 'complete' AND NOT EXISTS (SELECT 1 FROM torrents t WHERE t.media_id = m.id)
                ORDER BY m.id LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in try MediaSummary(columns: &columns) }
        }
    }

    /// Gives a content its torrent; see `TorrentAttachment`. Throws `.notFound` where the content is gone.
    public func attach(
        _ torrent: NewTorrent, to media: MediaID
    ) async throws(StoreError) -> TorrentAttachment {
        guard let hashes = try await MediaRepository(database: database).hashes(of: media) else {
            throw .missing("film")
        }
        return try await storing {
            try await database.transaction { transaction in
                let row = try await transaction.first(
                    """
                    SELECT EXISTS (SELECT 1 FROM torrents t WHERE t.media_id = m.id)
                    FROM media m WHERE m.id = \(media.rawValue) AND m.state = 'complete' FOR UPDATE
                    """)
                guard let row else { throw StoreError.missing("film") }
                if try row.column(0, as: Bool.self) { return .attached }
                if try await transaction.claim(torrent, for: media, hashes: hashes) { return .attached }
                guard let holder = try await transaction.lockHolder(of: torrent) else {
                    throw StoreError(.conflict, "The same film is just being deleted.")
                }
                try await transaction.execute(
                    "UPDATE videos SET media_id = \(holder.rawValue) WHERE media_id = \(media.rawValue)")
                try await transaction.markDeleting(media)
                return .merged(into: holder)
            }
        }
    }
}

extension SeedableTorrent {
    /// Columns of `torrents t` and `media m` in the order `init(columns:)` reads.
    static let selection: SQLQuery = """
        t.info_hash, t.info_hash_v2, m.id, m.size, t.piece_length, m.file_name, t.uploaded, t.completed,
        t.other_trackers
        """

    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            infoHash: try columns.infoHash(), infoHashV2: try columns.infoHashV2(), mediaID: try columns.id(),
            size: try columns.next(), pieceLength: try columns.next(), fileName: try columns.next(),
            totals: try SwarmTotals(columns: &columns),
            otherTrackers: (try? TrackerTiers(text: try columns.next())) ?? .none)
    }
}

extension SwarmTotals {
    init(columns: inout Columns) throws(PostgresError) {
        let uploaded: Int64 = try columns.next()
        let completed: Int64 = try columns.next()
        self.init(uploaded: UInt64(clamping: uploaded), completed: UInt64(clamping: completed))
    }
}
