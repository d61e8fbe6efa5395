public import Catalog
import Postgres

/// Contents. A content is received (`begin`, `appendChunks`), published by `Store.publish`, and at its end deleted in
/// batches. A content in reception that nobody has touched for a minute is swept.
public struct MediaRepository: Sendable {
    let database: Database

    /// Makes a content in reception.
    public func begin(_ new: NewMedia) async throws(StoreError) -> MediaID {
        try await storing {
            let row = try await database.first(
                """
                INSERT INTO media (file_name, chunk_size, declared_size)
                VALUES (\(new.fileName), \(new.chunkSize), \(new.declaredSize)) RETURNING id
                """)
            guard let row else { throw StoreError(.broken, "The database gave no number.") }
            return MediaID(rawValue: try row.column(0))
        }
    }

    /// Stores consecutive chunks with one COPY in a short transaction that commits asynchronously, and touches the
    /// content. `bytes` are whole chunks of `chunkSize`, which is the content's; only a content's last chunk may be
    /// shorter. Throws `.conflict` where the content is no longer in reception.
    public func appendChunks(
        _ id: MediaID, firstSequence: Int, bytes: [UInt8], chunkSize: Int = 256 << 10
    ) async throws(StoreError) {
        let options = TransactionOptions(synchronousCommit: false, timeout: .seconds(15))
        try await storing {
            try await database.transaction(options) { transaction in
                let touched = try await transaction.execute(
                    """
                    UPDATE media SET touched_at = now()
                    WHERE id = \(id.rawValue) AND state = 'receiving' AND chunk_size = \(chunkSize)
                    """)
                guard touched == 1 else { throw Self.notInReception }
                try await transaction.copyChunks(id, firstSequence: firstSequence, bytes: bytes, chunkSize: chunkSize)
            }
        }
    }

    /// Says that a content in reception is still being received. Throws `.conflict` where it is not.
    public func touch(_ id: MediaID) async throws(StoreError) {
        try await storing {
            let touched = try await database.execute(
                "UPDATE media SET touched_at = now() WHERE id = \(id.rawValue) AND state = 'receiving'")
            guard touched == 1 else { throw Self.notInReception }
        }
    }

    /// The bytes of a range of a content, chunk by chunk, fetched as they are asked for; no connection is held between
    /// two elements. The sequence throws `StoreError`: `.notFound` where chunks are missing.
    public func chunks(_ id: MediaID, range: Range<Int64>) -> ChunkSequence {
        ChunkSequence(database: database, mediaID: id, range: range)
    }

    /// A published content; nil if there is none.
    public func summary(_ id: MediaID) async throws(StoreError) -> MediaSummary? {
        try await storing {
            try await database.first(
                "SELECT \(MediaSummary.selection) FROM media m WHERE m.id = \(id.rawValue) AND m.state = 'complete'"
            )?.read { (columns) throws(PostgresError) in try MediaSummary(columns: &columns) }
        }
    }

    /// Which of some contents (at most 10,000) are published.
    public func published(among ids: [MediaID]) async throws(StoreError) -> Set<MediaID> {
        let numbers = ids.prefix(10_000).map(\.rawValue)
        return try await storing {
            Set(
                try await database.rows("SELECT id FROM media WHERE id = ANY(\(numbers)) AND state = 'complete'")
                    .read { (columns) throws(PostgresError) in try columns.id() })
        }
    }

    /// Bytes of all published contents.
    public func totalSize() async throws(StoreError) -> Int64 {
        try await storing {
            try await database.first("SELECT coalesce(sum(size), 0)::bigint FROM media WHERE state = 'complete'")?
                .column(0) ?? 0
        }
    }

    static let notInReception = StoreError(.conflict, "This upload is over: it was finished, given up or timed out.")
}

extension Transaction {
    /// Copies bytes into `media_chunks`, cut into chunks.
    func copyChunks(
        _ id: MediaID, firstSequence: Int, bytes: [UInt8], chunkSize: Int
    ) async throws(PostgresError) {
        guard !bytes.isEmpty, chunkSize > 0 else { return }
        try await copyIn(into: "media_chunks", columns: ["media_id", "sequence", "data"]) {
            (writer) throws(PostgresError) in
            for (number, start) in stride(from: 0, to: bytes.count, by: chunkSize).enumerated() {
                try writer.row(columns: 3)
                try writer.value(id.rawValue)
                try writer.value(Int32(clamping: firstSequence + number))
                try writer.bytes(bytes, start..<min(start + chunkSize, bytes.count))
            }
        }
    }
}
