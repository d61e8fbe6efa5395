public import Catalog
import Metainfo
import Postgres

extension VideoRepository {
    /// Takes a video down, with an audit row. Taken down already: nothing changes. Throws `.notFound`.
    public func takeDown(
        _ id: VideoID, by: UserID, owner: UserID?, reason: String
    ) async throws(StoreError) -> ContentUse {
        try await set(.takenDown, of: id, owner: owner, by: by, action: "video.takedown", reason: reason)
    }

    /// Publishes a video again, with an audit row. Published already: nothing changes. Throws `.notFound`.
    public func restore(_ id: VideoID, by: UserID, owner: UserID?) async throws(StoreError) -> ContentUse {
        try await set(.published, of: id, owner: owner, by: by, action: "video.restore", reason: "")
    }

    /// Deletes a video, with an audit row. With its last video a content loses its torrent, is marked for deletion,
    /// and a `deleteChunks` job is queued. Throws `.notFound`.
    public func delete(_ id: VideoID, by: UserID, owner: UserID?) async throws(StoreError) -> ContentUse {
        try await storing {
            try await database.transaction { transaction in
                let media = try await lock(id, owner: owner, transaction)
                let title: String =
                    try await transaction.first(
                        "DELETE FROM videos WHERE id = \(id.rawValue) RETURNING title")?.column(0) ?? ""
                try await transaction.audit("video.delete", by: by, video: id, reason: title)
                let use = try await transaction.use(of: media)
                if use.videos == 0 { try await transaction.markDeleting(media) }
                return use
            }
        }
    }

    private func set(
        _ state: VideoState, of id: VideoID, owner: UserID?, by: UserID, action: String, reason: String
    ) async throws(StoreError) -> ContentUse {
        try await storing {
            try await database.transaction { transaction in
                let media = try await lock(id, owner: owner, transaction)
                let changed = try await transaction.execute(
                    """
                    UPDATE videos SET state = \(state.rawValue), updated_at = now()
                    WHERE id = \(id.rawValue) AND state <> \(state.rawValue)
                    """)
                if changed > 0 { try await transaction.audit(action, by: by, video: id, reason: reason) }
                return try await transaction.use(of: media)
            }
        }
    }

    /// Locks a video's content, then the video, so that nobody publishes, merges or deletes the content meanwhile.
    private func lock(_ id: VideoID, owner: UserID?, _ transaction: Transaction) async throws -> MediaID {
        let row = try await transaction.first(
            """
            SELECT v.media_id FROM videos v JOIN media m ON m.id = v.media_id
            WHERE v.id = \(id.rawValue) AND \(Self.belongs(to: owner)) FOR UPDATE OF m, v
            """)
        guard let row else { throw StoreError.missing("video") }
        return MediaID(rawValue: try row.column(0))
    }
}

extension Transaction {
    func use(of media: MediaID) async throws(PostgresError) -> ContentUse {
        let row = try await first(
            """
            SELECT (SELECT info_hash FROM torrents WHERE media_id = \(media.rawValue)),
                count(*) FILTER (WHERE state = 'published'), count(*)
            FROM videos WHERE media_id = \(media.rawValue)
            """)
        return try row?.read { (columns) throws(PostgresError) in
            ContentUse(
                mediaID: media, infoHash: try columns.optionalInfoHash(), publishedVideos: try columns.next(),
                videos: try columns.next())
        } ?? ContentUse(mediaID: media, infoHash: nil, publishedVideos: 0, videos: 0)
    }
}
