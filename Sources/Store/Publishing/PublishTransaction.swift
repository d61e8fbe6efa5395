import Catalog
import Postgres

/// The one synchronous transaction that makes a received content visible. Its commit also makes the asynchronously
/// committed chunks before it durable, since the log is written in order.
struct PublishTransaction {
    let database: Database
    let record: PublishRecord

    /// Times a lost race for an info hash is run again: the winner may have been deleted in between.
    private static let maximumRaces = 3

    func run() async throws(StoreError) -> Video {
        guard record.idempotencyKey?.utf8.count ?? 0 <= 200 else {
            throw StoreError(.invalidValue, "An idempotency key has at most 200 bytes.")
        }
        return try await storing {
            try await database.transaction(TransactionOptions(timeout: .seconds(30))) { transaction in
                try await publish(transaction)
            }
        }
    }

    private func publish(_ transaction: Transaction) async throws -> Video {
        if let video = try await earlierVideo(transaction) {
            try await giveUpReception(transaction)
            return video
        }
        let chunkSize = try await lockReception(transaction)
        let content = try await settleContent(transaction)
        if content == record.mediaID {
            try await complete(transaction, chunkSize: chunkSize)
        } else {
            try await transaction.markDeleting(record.mediaID)
        }
        guard let id = try await insertVideo(transaction, content: content) else {
            // The same key was used at the same moment; the other one's video is the answer when the client asks again.
            throw StoreError(.conflict, "The same upload is just being published.")
        }
        guard let video = try await transaction.video(id) else { throw StoreError(.broken, "The video is not there.") }
        return video
    }

    // MARK: - The content

    private func earlierVideo(_ transaction: Transaction) async throws -> Video? {
        guard let key = record.idempotencyKey else { return nil }
        let row = try await transaction.first(
            "SELECT id FROM videos WHERE owner_id = \(record.video.ownerID.rawValue) AND idempotency_key = \(key)")
        guard let row else { return nil }
        return try await transaction.video(VideoID(rawValue: try row.column(0)))
    }

    private func giveUpReception(_ transaction: Transaction) async throws {
        let row = try await transaction.first(
            "SELECT 1 FROM media WHERE id = \(record.mediaID.rawValue) AND state = 'receiving' FOR UPDATE")
        if row != nil { try await transaction.markDeleting(record.mediaID) }
    }

    private func lockReception(_ transaction: Transaction) async throws -> Int {
        let row = try await transaction.first(
            "SELECT chunk_size FROM media WHERE id = \(record.mediaID.rawValue) AND state = 'receiving' FOR UPDATE")
        guard let row else { throw MediaRepository.notInReception }
        return try row.column(0)
    }

    /// Claims the info hash for this content; where it is taken, the content that has it.
    private func settleContent(_ transaction: Transaction) async throws -> MediaID {
        guard let torrent = record.torrent else { return record.mediaID }
        for _ in 0..<Self.maximumRaces {
            let isClaimed = try await transaction.claim(torrent, for: record.mediaID, hashes: record.hashes)
            if isClaimed { return record.mediaID }
            if let holder = try await transaction.lockHolder(of: torrent) { return holder }
        }
        throw StoreError(.conflict, "The same film is just being published and deleted.")
    }

    private func complete(_ transaction: Transaction, chunkSize: Int) async throws {
        try await transaction.copyChunks(
            record.mediaID, firstSequence: record.lastSequence, bytes: record.lastChunks, chunkSize: chunkSize)
        try await checkChunks(transaction, chunkSize: chunkSize)
        try await describe(transaction)
        try await storeHashes(transaction)
        for var job in record.jobs {
            job.mediaID = job.mediaID ?? record.mediaID
            try await transaction.enqueue(job)
        }
    }

    /// Batches commit asynchronously, so a crash of the database may have lost some of them: all chunks must be there,
    /// numbered from 0, and add up to the size. The length of a chunk is known without reading its bytes.
    private func checkChunks(_ transaction: Transaction, chunkSize: Int) async throws {
        let row = try await transaction.first(
            """
            SELECT count(*), coalesce(max(sequence), -1)::bigint, coalesce(sum(octet_length(data)), 0)::bigint,
                count(*) FILTER (WHERE octet_length(data) <> \(chunkSize))
            FROM media_chunks WHERE media_id = \(record.mediaID.rawValue)
            """)
        guard let row else { throw StoreError(.broken, "The chunks cannot be counted.") }
        let (count, last): (Int64, Int64) = (try row.column(0), try row.column(1))
        let (size, short): (Int64, Int64) = (try row.column(2), try row.column(3))
        guard count == last + 1, size == record.size, short <= 1, size > 0 else {
            throw StoreError(.conflict, "Parts of the upload were lost in the database: please upload it again.")
        }
    }

    private func describe(_ transaction: Transaction) async throws {
        let facts = record.description
        let etag = record.hashes.piecesRoot.prefix(20).map(Self.hexByte).joined()
        try await transaction.execute(
            """
            UPDATE media SET state = 'complete', touched_at = now(), size = \(record.size),
                file_name = \(record.fileName), container = \(facts.container), media_type = \(facts.mediaType),
                duration = \(facts.duration), width = \(facts.width), height = \(facts.height),
                facts = \(facts.facts), etag = \(etag)
            WHERE id = \(record.mediaID.rawValue)
            """)
        if let index = record.index {
            try await transaction.execute(
                "INSERT INTO media_index (media_id, encoded) VALUES (\(record.mediaID.rawValue), \(index))")
        }
    }

    private func storeHashes(_ transaction: Transaction) async throws {
        let hashes = record.hashes
        try await transaction.execute(
            """
            INSERT INTO media_hashes (media_id, piece_length, sha1_pieces, sha256_layer, pieces_root)
            VALUES (\(record.mediaID.rawValue), \(hashes.pieceLength), \(hashes.sha1Pieces),
                \(hashes.sha256PieceLayer), \(hashes.piecesRoot))
            """)
    }

    private static func hexByte(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    // MARK: - The video

    private func insertVideo(_ transaction: Transaction, content: MediaID) async throws -> VideoID? {
        let base = Slug.from(title: record.video.title.rawValue)
        for _ in 0..<4 {
            let slug = try await freeSlug(base, transaction)
            let row = try await transaction.first(
                """
                INSERT INTO videos (slug, title, description, tags, owner_id, media_id, idempotency_key)
                VALUES (\(slug.rawValue), \(record.video.title.rawValue), \(record.video.description.rawValue),
                    \(record.video.tags.map(\.rawValue)), \(record.video.ownerID.rawValue), \(content.rawValue),
                    \(record.idempotencyKey))
                ON CONFLICT DO NOTHING RETURNING id
                """)
            if let row { return VideoID(rawValue: try row.column(0)) }
        }
        return nil
    }

    /// The slug itself, or with -2 to -9, or with eight random hex digits.
    private func freeSlug(_ base: Slug, _ transaction: Transaction) async throws -> Slug {
        let candidates = base.candidates
        let taken: Set<String> = Set(
            try await transaction.rows("SELECT slug FROM videos WHERE slug = ANY(\(candidates.map(\.rawValue)))")
                .read { (columns) throws(PostgresError) in try columns.next() })
        return candidates.first { !taken.contains($0.rawValue) } ?? base.withRandomSuffix
    }
}
