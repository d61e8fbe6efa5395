import Postgres

/// The question for a chart's points. Every row counts in each of the points that its time reaches into, by how long it
/// held there; its bytes count where the row stands.
enum HistoryChart {
    static func query(_ hash: [UInt8], _ window: HistoryWindow) -> SQLQuery {
        """
        WITH chart AS (
            SELECT width, (floor(stop / width) + 1 - \(Double(window.points))) * width AS start
            FROM (SELECT \(window.width) AS width, extract(epoch FROM now())::float8 AS stop) clock),
        kept AS (\(rows(of: hash))),
        held AS (\(held)),
        parts AS (\(parts(window)))
        SELECT to_timestamp(start + number * width),
            round(sum(seeders * seconds) / sum(seconds))::bigint,
            round(sum(leechers * seconds) / sum(seconds))::bigint,
            round(sum(partial_seeds * seconds) / sum(seconds))::bigint,
            max(completed), sum(uploaded)::bigint
        FROM parts, chart GROUP BY number, start, width ORDER BY number
        """
    }

    /// The rows of the chart's time, and the one before them, which reaches into it.
    private static func rows(of hash: [UInt8]) -> SQLQuery {
        """
        (SELECT * FROM swarm_history WHERE info_hash = \(hash)
            AND at < to_timestamp((SELECT start FROM chart)) ORDER BY at DESC LIMIT 1)
        UNION ALL
        SELECT * FROM swarm_history WHERE info_hash = \(hash) AND at >= to_timestamp((SELECT start FROM chart))
        """
    }

    /// From when until when each of them held, in seconds since 1970.
    private static let held: SQLQuery = """
        SELECT kept.*, extract(epoch FROM at)::float8 AS began, greatest(extract(epoch FROM at)::float8,
            extract(epoch FROM lead(at, 1, now()) OVER (ORDER BY at))::float8) AS ended
        FROM kept
        """

    /// How long each of them held in each of the points.
    private static func parts(_ window: HistoryWindow) -> SQLQuery {
        """
        SELECT number, seeders, leechers, partial_seeds, completed,
            CASE WHEN number = floor((began - start) / width) THEN uploaded ELSE 0 END AS uploaded,
            greatest(least(ended, start + (number + 1) * width) - greatest(began, start + number * width), 0.000001)
                AS seconds
        FROM held, chart, generate_series(
            greatest(floor((began - start) / width), 0)::bigint,
            least(floor((ended - start) / width), \(Double(window.points - 1)))::bigint) AS number
        """
    }
}
