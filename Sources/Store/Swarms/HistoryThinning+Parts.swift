import Postgres

/// The parts of the statement that thins a bucket. `bucket` is its one row of `start` and `stop`, `old` what lies in it.
extension HistoryThinning {
    /// What held at the beginning of the bucket, where no row begins just there.
    static let opening: SQLQuery = """
        SELECT firsts.info_hash, bucket.start AS at, before.seeders, before.leechers, before.partial_seeds,
            before.completed, 0::bigint AS uploaded
        FROM bucket, (SELECT info_hash, min(at) AS at FROM old GROUP BY info_hash) firsts
        CROSS JOIN LATERAL (
            SELECT seeders, leechers, partial_seeds, completed FROM swarm_history
            WHERE info_hash = firsts.info_hash AND at < (SELECT start FROM bucket)
            ORDER BY at DESC LIMIT 1) before
        WHERE firsts.at > bucket.start
        """

    /// How long each row held within the bucket.
    static let held: SQLQuery = """
        SELECT every.*, greatest(0.000001, extract(epoch FROM
            lead(at, 1, bucket.stop) OVER following - at)::float8) AS seconds,
            lead(at) OVER following IS NULL AS is_last
        FROM bucket, (SELECT * FROM old UNION ALL SELECT * FROM opening) every
        WINDOW following AS (PARTITION BY info_hash ORDER BY at)
        """

    /// One row per torrent.
    static let means: SQLQuery = """
        SELECT info_hash, (sum(seeders * seconds) / sum(seconds))::real AS seeders,
            (sum(leechers * seconds) / sum(seconds))::real AS leechers,
            (sum(partial_seeds * seconds) / sum(seconds))::real AS partial_seeds,
            max(completed) AS completed, sum(uploaded)::bigint AS uploaded
        FROM held GROUP BY info_hash
        """
}
