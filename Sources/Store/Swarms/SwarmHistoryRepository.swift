public import Metainfo
import Postgres

/// What swarms were like over time. A row holds from its moment until the torrent's next one, so a swarm in which
/// nothing changes costs no rows; rows are thinned as they grow old (`HistoryThinning`).
///
/// Several nodes write into the same history: the bytes of their seeders add up, and counts are those of the tracker
/// that wrote the row.
public struct SwarmHistoryRepository: Sendable {
    let database: Database

    /// The hash under which all torrents together are recorded.
    private static let allTorrents: [UInt8] = []

    /// Records samples, taken now, in one statement. Torrents that are gone are passed over.
    public func append(_ samples: [HistorySample]) async throws(StoreError) {
        guard !samples.isEmpty else { return }
        let hashes = samples.map { $0.hash?.bytes ?? Self.allTorrents }
        let seeders = samples.map { Double($0.seeders) }
        let leechers = samples.map { Double($0.leechers) }
        let partialSeeds = samples.map { Double($0.partialSeeds) }
        let completed = samples.map { Int64(clamping: $0.completed) }
        let uploaded = samples.map { Int64(clamping: $0.uploaded) }
        try await storing {
            try await database.transaction(SwarmRepository.options) { transaction in
                try await transaction.execute(
                    """
                    INSERT INTO swarm_history AS h
                        (info_hash, seeders, leechers, partial_seeds, completed, uploaded)
                    SELECT e.* FROM unnest(
                        \(hashes), \(seeders), \(leechers), \(partialSeeds), \(completed), \(uploaded)
                    ) AS e (info_hash, seeders, leechers, partial_seeds, completed, uploaded)
                    WHERE octet_length(e.info_hash) = 0
                        OR EXISTS (SELECT 1 FROM torrents t WHERE t.info_hash = e.info_hash)
                    ON CONFLICT (info_hash, at) DO UPDATE SET uploaded = h.uploaded + excluded.uploaded
                    """)
            }
        }
    }

    /// The latest sample of each torrent that has one, without its bytes, in the order of hashes; ask again with the
    /// last hash until none comes.
    public func latest(after hash: InfoHash? = nil, limit: Int = 1000) async throws(StoreError) -> [HistorySample] {
        try await storing {
            try await database.rows(
                """
                SELECT t.info_hash, h.seeders, h.leechers, h.partial_seeds, h.completed FROM torrents t
                CROSS JOIN LATERAL (
                    SELECT round(seeders)::bigint AS seeders, round(leechers)::bigint AS leechers,
                        round(partial_seeds)::bigint AS partial_seeds, completed
                    FROM swarm_history WHERE info_hash = t.info_hash ORDER BY at DESC LIMIT 1) h
                WHERE t.info_hash > \(hash?.bytes ?? []) ORDER BY t.info_hash LIMIT \(limit)
                """
            ).read { (columns) throws(PostgresError) in try HistorySample(columns: &columns) }
        }
    }

    /// A torrent's history as points for a chart, oldest first, from its first row on.
    ///
    /// - Parameters:
    ///   - since: how far back the chart reaches.
    ///   - points: how many there are at most, 1...2,000; fewer where rows are kept no finer: 5 minutes in the last two
    ///     days, an hour in the last 60, beyond it a day.
    public func samples(
        _ hash: InfoHash, since: Duration, points: Int
    ) async throws(StoreError) -> [HistoryPoint] {
        try await chart(hash.bytes, HistoryWindow(since: since, points: points))
    }

    /// The history of all torrents together; otherwise as `samples`.
    public func totals(since: Duration, points: Int) async throws(StoreError) -> [HistoryPoint] {
        try await chart(Self.allTorrents, HistoryWindow(since: since, points: points))
    }

    private func chart(_ hash: [UInt8], _ window: HistoryWindow) async throws(StoreError) -> [HistoryPoint] {
        try await storing {
            try await database.rows(HistoryChart.query(hash, window))
                .read { (columns) throws(PostgresError) in try HistoryPoint(columns: &columns) }
        }
    }
}

extension HistorySample {
    init(columns: inout Columns) throws(PostgresError) {
        let hash = try columns.infoHash()
        self.init(
            hash: hash, seeders: try columns.next(), leechers: try columns.next(), partialSeeds: try columns.next(),
            completed: UInt64(clamping: try columns.next(Int64.self)))
    }
}

extension HistoryPoint {
    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            at: try columns.time(), seeders: try columns.next(), leechers: try columns.next(),
            partialSeeds: try columns.next(), completed: try columns.next(), uploaded: try columns.next())
    }
}
