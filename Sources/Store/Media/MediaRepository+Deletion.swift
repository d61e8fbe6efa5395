public import Catalog
import Postgres

extension MediaRepository {
    /// Gives up a content in reception: marks it for deletion and queues the job. Others stay as they are.
    public func discard(_ id: MediaID) async throws(StoreError) {
        try await storing {
            try await database.transaction { transaction in
                let row = try await transaction.first(
                    "SELECT 1 FROM media WHERE id = \(id.rawValue) AND state = 'receiving' FOR UPDATE")
                if row != nil { try await transaction.markDeleting(id) }
            }
        }
    }

    /// Gives up contents in reception that nobody has touched for `seconds`; returns which.
    public func sweepAbandoned(olderThan seconds: Int = 60) async throws(StoreError) -> [MediaID] {
        try await storing {
            try await database.transaction { transaction in
                let ids: [MediaID] = try await transaction.rows(
                    """
                    SELECT id FROM media
                    WHERE state = 'receiving' AND touched_at < now() - \(Double(seconds)) * interval '1 second'
                    ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
                    """
                ).read { (columns) throws(PostgresError) in try columns.id() }
                for id in ids { try await transaction.markDeleting(id) }
                return ids
            }
        }
    }

    /// Deletes up to `limit` chunks of a content marked for deletion; returns how many. At 0 its row is gone too.
    public func deleteChunkBatch(_ id: MediaID, limit: Int = 256) async throws(StoreError) -> Int {
        let options = TransactionOptions(synchronousCommit: false, timeout: .seconds(30))
        return try await storing {
            try await database.transaction(options) { transaction in
                let marked = try await transaction.first(
                    "SELECT 1 FROM media WHERE id = \(id.rawValue) AND state = 'deleting' FOR UPDATE")
                guard marked != nil else { return 0 }
                let deleted = try await transaction.execute(
                    """
                    DELETE FROM media_chunks WHERE media_id = \(id.rawValue) AND sequence IN (
                        SELECT sequence FROM media_chunks WHERE media_id = \(id.rawValue)
                        ORDER BY sequence LIMIT \(max(1, limit)))
                    """)
                if deleted == 0 { try await transaction.execute("DELETE FROM media WHERE id = \(id.rawValue)") }
                return deleted
            }
        }
    }

    /// Contents marked for deletion that still have rows, oldest first.
    public func awaitingDeletion(limit: Int = 100) async throws(StoreError) -> [MediaID] {
        try await storing {
            try await database.rows(
                "SELECT id FROM media WHERE state = 'deleting' ORDER BY touched_at, id LIMIT \(limit)"
            ).read { (columns) throws(PostgresError) in try columns.id() }
        }
    }

    /// Makes the space of deleted chunks free for new ones; called after a deletion job. Where another vacuum is at
    /// work already, that one is enough.
    public func vacuumChunks() async throws(StoreError) {
        try await storing {
            do throws(PostgresError) {
                try await database.execute("VACUUM (INDEX_CLEANUP ON) media_chunks", timeout: .seconds(600))
            } catch  where error.code == .lockTimeout {}
        }
    }
}
