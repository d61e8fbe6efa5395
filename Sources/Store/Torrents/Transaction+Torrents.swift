import Catalog
import Metainfo
import Postgres

extension Transaction {
    /// Stores a content's torrent; false where its info hash is taken. Waits for another transaction that is just
    /// storing the same one.
    func claim(_ torrent: NewTorrent, for media: MediaID, hashes: ContentHashes) async throws(PostgresError) -> Bool {
        let inserted = try await execute(
            """
            INSERT INTO torrents (info_hash, info_hash_v2, media_id, info, piece_length, piece_count, other_trackers)
            VALUES (\(torrent.infoHash.bytes), \(torrent.infoHashV2?.bytes), \(media.rawValue),
                \(torrent.infoBytes), \(hashes.pieceLength), \(hashes.pieceCount), \(torrent.otherTrackers.text))
            ON CONFLICT DO NOTHING
            """)
        return inserted == 1
    }

    /// The published content that has a torrent's info hash, locked against deletion; nil if there is none.
    func lockHolder(of torrent: NewTorrent) async throws(PostgresError) -> MediaID? {
        let row = try await first(
            """
            SELECT m.id FROM torrents t JOIN media m ON m.id = t.media_id
            WHERE t.info_hash = \(torrent.infoHash.bytes) AND m.state = 'complete' FOR UPDATE OF m
            """)
        return try row.map { (row) throws(PostgresError) in MediaID(rawValue: try row.column(0)) }
    }
}
