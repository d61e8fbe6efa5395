import Postgres

extension SwarmHistoryRepository {
    /// Any number no other part of this program uses for its locks.
    private static let lock: Int64 = 0x5265_656C_4869_7374

    private static let options = TransactionOptions(synchronousCommit: false, timeout: .seconds(300))

    /// Makes old rows coarser, an hour or a day of all torrents at a time, and removes the history of torrents that
    /// are gone. Does nothing where another node is at it. Returns how many hours and days were thinned.
    @discardableResult
    public func thin() async throws(StoreError) -> Int {
        var thinned = 0
        for step in [HistoryThinning.toHours, .toDays] {
            attempts: while true {
                switch try await thinOne(step) {
                case .thinned: thinned += 1
                case .nothingLeft: break attempts
                case .othersTurn: return thinned
                }
                if Task.isCancelled { return thinned }
            }
        }
        try await removeOrphans()
        return thinned
    }

    /// What one attempt at the oldest hour or day came to. Whoever meets another node at it leaves everything to that
    /// one: were it to go on to the next step, the two could send each other away.
    private enum Attempt { case thinned, nothingLeft, othersTurn }

    /// Thins the oldest hour or day that has rows to thin.
    private func thinOne(_ step: HistoryThinning) async throws(StoreError) -> Attempt {
        try await storing {
            try await database.transaction(Self.options) { transaction in
                let turn: Bool? = try await transaction.first("SELECT pg_try_advisory_xact_lock(\(Self.lock))")?
                    .column(0)
                guard turn == true else { return .othersTurn }
                guard let start = try await transaction.oldestBucket(of: step) else { return .nothingLeft }
                try await transaction.replaceBucket(startingAt: start, step)
                return .thinned
            }
        }
    }

    /// Hops from hash to hash through the index, so that it costs one look per torrent, not one per row.
    private func removeOrphans() async throws(StoreError) {
        try await storing {
            try await database.transaction(Self.options) { transaction in
                try await transaction.execute(
                    """
                    WITH RECURSIVE known AS (
                        (SELECT info_hash FROM swarm_history ORDER BY info_hash LIMIT 1)
                        UNION ALL
                        SELECT (SELECT h.info_hash FROM swarm_history h WHERE h.info_hash > known.info_hash
                            ORDER BY h.info_hash LIMIT 1)
                        FROM known WHERE known.info_hash IS NOT NULL)
                    DELETE FROM swarm_history WHERE info_hash IN (
                        SELECT k.info_hash FROM known k WHERE octet_length(k.info_hash) > 0
                            AND NOT EXISTS (SELECT 1 FROM torrents t WHERE t.info_hash = k.info_hash))
                    """)
            }
        }
    }
}

extension Transaction {
    /// The beginning of the oldest hour or day that is wholly older than the step's age and has rows to thin.
    fileprivate func oldestBucket(of step: HistoryThinning) async throws(PostgresError) -> SQLTimestamp? {
        let width = Double(step.to)
        let row = try await first(
            """
            SELECT to_timestamp(floor(extract(epoch FROM min(at))::float8 / \(width)) * \(width))
            FROM swarm_history WHERE span = \(Int32(clamping: step.from)) AND at < to_timestamp(
                floor((extract(epoch FROM now())::float8 - \(Double(step.after))) / \(width)) * \(width))
            """)
        return try row?.column(0, as: SQLTimestamp?.self)
    }

    /// Puts one row per torrent in the place of all its rows in a bucket: means of the counts by how long each held,
    /// with what held before the first of them; the sum of the bytes; the largest count of completions.
    ///
    /// A row holds until the next one. So where a torrent's last counts differ from the mean, and nothing was recorded
    /// just at the end, a row is added there that says them: what follows stays exactly what it was.
    fileprivate func replaceBucket(startingAt start: SQLTimestamp, _ step: HistoryThinning) async throws(PostgresError)
    {
        try await execute(
            """
            WITH bucket AS (
                SELECT \(start) AS start, \(start) + \(Double(step.to)) * interval '1 second' AS stop),
            old AS (
                DELETE FROM swarm_history h USING bucket
                WHERE span = ANY(\([Int32(clamping: step.from), Int32(clamping: step.to)]))
                    AND at >= bucket.start AND at < bucket.stop
                RETURNING info_hash, at, seeders, leechers, partial_seeds, completed, uploaded),
            opening AS (\(HistoryThinning.opening)),
            held AS (\(HistoryThinning.held)),
            means AS (\(HistoryThinning.means))
            INSERT INTO swarm_history AS h
                (info_hash, at, span, seeders, leechers, partial_seeds, completed, uploaded)
            SELECT info_hash, bucket.start, \(Int32(clamping: step.to)), seeders, leechers, partial_seeds, completed,
                uploaded
            FROM means, bucket
            UNION ALL
            SELECT held.info_hash, bucket.stop, \(Int32(clamping: step.from)), held.seeders, held.leechers,
                held.partial_seeds, held.completed, 0
            FROM held JOIN means USING (info_hash), bucket
            WHERE held.is_last AND (held.seeders, held.leechers, held.partial_seeds)
                IS DISTINCT FROM (means.seeders, means.leechers, means.partial_seeds)
            ON CONFLICT (info_hash, at) DO UPDATE SET uploaded = h.uploaded + excluded.uploaded
            """)
    }
}
