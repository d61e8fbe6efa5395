public import Catalog
import Postgres

/// What is made from a content and stored beside it.
extension MediaRepository {
    /// Both kinds of hashes of a published content.
    public func hashes(of id: MediaID) async throws(StoreError) -> ContentHashes? {
        try await storing {
            try await database.first(
                """
                SELECT m.size, h.piece_length, h.sha1_pieces, h.sha256_layer, h.pieces_root
                FROM media m JOIN media_hashes h ON h.media_id = m.id
                WHERE m.id = \(id.rawValue) AND m.state = 'complete'
                """
            )?.read { (columns) throws(PostgresError) in
                ContentHashes(
                    totalLength: try columns.next(), pieceLength: try columns.next(),
                    sha1Pieces: try columns.next(), sha256PieceLayer: try columns.next(),
                    piecesRoot: try columns.next())
            }
        }
    }

    /// The content's picture (JPEG).
    public func thumbnail(of id: MediaID) async throws(StoreError) -> [UInt8]? {
        try await storing {
            try await database.first("SELECT jpeg FROM media_pictures WHERE media_id = \(id.rawValue)")?.column(0)
        }
    }

    /// Stores the content's picture; nothing happens where the content is gone.
    public func setThumbnail(_ jpeg: [UInt8], of id: MediaID) async throws(StoreError) {
        try await storing {
            try await database.transaction { transaction in
                let found = try await transaction.execute(
                    "UPDATE media SET has_thumbnail = true WHERE id = \(id.rawValue) AND state = 'complete'")
                guard found == 1 else { return }
                try await transaction.execute(
                    """
                    INSERT INTO media_pictures (media_id, jpeg) VALUES (\(id.rawValue), \(jpeg))
                    ON CONFLICT (media_id) DO UPDATE SET jpeg = excluded.jpeg
                    """)
            }
        }
    }

    /// The content's encoded clip index.
    public func index(of id: MediaID) async throws(StoreError) -> [UInt8]? {
        try await storing {
            try await database.first("SELECT encoded FROM media_index WHERE media_id = \(id.rawValue)")?.column(0)
        }
    }

    /// Stores the content's encoded clip index; nothing happens where the content is gone.
    public func setIndex(_ encoded: [UInt8], of id: MediaID) async throws(StoreError) {
        try await storing {
            try await database.execute(
                """
                INSERT INTO media_index (media_id, encoded)
                SELECT id, \(encoded) FROM media WHERE id = \(id.rawValue) AND state = 'complete'
                ON CONFLICT (media_id) DO UPDATE SET encoded = excluded.encoded
                """)
        }
    }
}
