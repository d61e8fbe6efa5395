public import Catalog
import Metainfo
import Postgres

/// What the node does that works on an import. Every answer counts only with the fence of the latest claim, and tells
/// whether it did.
extension ImportRepository {
    /// How long a claim lasts without a word, in seconds.
    public static let leaseSeconds = 30

    /// Claims the oldest import that waits or whose node has fallen silent; nil where there is none. A node gets what
    /// it had before first, since the bytes lie there.
    public func claim(node: String) async throws(StoreError) -> ClaimedImport? {
        try await storing {
            let row = try await database.first(
                """
                UPDATE imports SET node = \(node), fence = fence + 1,
                    leased_until = now() + \(Double(Self.leaseSeconds)) * interval '1 second'
                WHERE id = (
                    SELECT id FROM imports
                    WHERE state IN ('waiting', 'fetching', 'publishing')
                        AND (leased_until IS NULL OR leased_until < now())
                    ORDER BY node IS DISTINCT FROM \(node), id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, source, fence
                """)
            guard let row else { return nil }
            let id = ImportID(rawValue: try row.column(0))
            guard let facts = try await find(id, owner: nil) else { return nil }
            return ClaimedImport(facts: facts, source: try row.column(1), fence: try row.column(2))
        }
    }

    /// Says that this node is at it, and how far; false where the import was cancelled or claimed by another.
    public func note(
        _ claimed: ClaimedImport, _ state: ImportState, _ progress: ImportProgress, name: String? = nil
    ) async throws(StoreError) -> Bool {
        try await answer(claimed) {
            """
            state = \(state.rawValue), wanted = \(progress.wanted), fetched = \(progress.fetched),
            rate = \(progress.rate), peers = \(Int32(clamping: progress.peers)), name = coalesce(\(name), name),
            leased_until = now() + \(Double(Self.leaseSeconds)) * interval '1 second'
            """
        }
    }

    /// Asks the publisher which of several files is the film.
    public func offer(_ files: [ImportFile], of claimed: ClaimedImport) async throws(StoreError) -> Bool {
        try await answer(claimed) {
            """
            state = 'choosing', leased_until = NULL, rate = 0, peers = 0,
            file_numbers = \(files.map { Int32(clamping: $0.number) }), file_paths = \(files.map(\.path)),
            file_lengths = \(files.map(\.length))
            """
        }
    }

    /// The film is a video of the site; `remark` is what is to be known of how.
    public func finish(
        _ claimed: ClaimedImport, as video: VideoID, remark: String
    ) async throws(StoreError) -> Bool {
        try await answer(claimed) {
            """
            state = 'done', video_id = \(video.rawValue), reason = \(remark), fetched = wanted, rate = 0, peers = 0,
            leased_until = NULL
            """
        }
    }

    /// It cannot be had; `reason` is a sentence for the publisher.
    public func fail(_ claimed: ClaimedImport, reason: String) async throws(StoreError) -> Bool {
        let words = String(reason.unicodeScalars.filter { $0 != "\0" }.prefix(500).map(Character.init))
        return try await answer(claimed) {
            "state = 'failed', reason = \(words), rate = 0, peers = 0, leased_until = NULL"
        }
    }

    /// Lets go of a claim, so that any node may go on at once.
    public func release(_ claimed: ClaimedImport) async throws(StoreError) {
        _ = try await answer(claimed) { "leased_until = NULL" }
    }

    /// Which imports still need what they fetched; folders of others can go.
    public func underWay(among ids: [ImportID]) async throws(StoreError) -> Set<ImportID> {
        try await storing {
            Set(
                try await database.rows(
                    """
                    SELECT id FROM imports WHERE id = ANY(\(ids.map(\.rawValue)))
                        AND state IN ('waiting', 'fetching', 'choosing', 'publishing', 'failed')
                    """
                ).read { (columns) throws(PostgresError) in try columns.id(ImportID.self) })
        }
    }

    /// The video that an import became although its node could not say so any more, and any other published video of
    /// the same torrent.
    public func video(of facts: Import) async throws(StoreError) -> (own: VideoID?, other: Slug?) {
        try await storing {
            let own = try await database.first(
                """
                SELECT id FROM videos
                WHERE owner_id = \(facts.ownerID.rawValue) AND idempotency_key = \(facts.idempotencyKey)
                """)
            let other = try await database.first(
                """
                SELECT v.slug FROM torrents t JOIN videos v ON v.media_id = t.media_id
                WHERE (t.info_hash = \(facts.infoHash.bytes) OR substr(t.info_hash_v2, 1, 20) = \(facts.infoHash.bytes))
                    AND v.state = 'published' ORDER BY v.id LIMIT 1
                """)
            return (
                try own.map { VideoID(rawValue: try $0.column(0)) },
                try other.flatMap { Slug(try $0.column(0, as: String.self)) }
            )
        }
    }

    private func answer(
        _ claimed: ClaimedImport, _ assignments: @Sendable () -> SQLQuery
    ) async throws(StoreError) -> Bool {
        try await storing {
            try await database.execute(
                """
                UPDATE imports SET \(assignments()), updated_at = now()
                WHERE id = \(claimed.facts.id.rawValue) AND fence = \(claimed.fence)
                """) == 1
        }
    }
}
