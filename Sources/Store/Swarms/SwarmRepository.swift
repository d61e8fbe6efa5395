import Metainfo
import Postgres

/// Swarms as trackers save them, so that their peers outlive a restart.
public struct SwarmRepository: Sendable {
    /// The most bytes of snapshots in one page of `load`, unless one swarm alone is larger.
    public static let pageBytes = 4 << 20

    /// What a power failure takes is saved again within seconds, so nobody waits for the disk.
    static let options = TransactionOptions(synchronousCommit: false, timeout: .seconds(30))

    let database: Database

    /// Saves swarms in one statement, replacing what the node saved of them before. Empty ones are removed, and so are
    /// those whose torrent is gone.
    public func save(_ swarms: [SavedSwarm], node: String) async throws(StoreError) {
        guard !swarms.isEmpty else { return }
        // One order for all, so that two nodes do not wait for each other in a circle.
        let latest = Dictionary(swarms.map { ($0.hash.bytes, $0.bytes) }) { _, later in later }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let gone = latest.filter { $0.value.isEmpty }.map(\.key)
        let kept = latest.filter { !$0.value.isEmpty }
        try await storing {
            try await database.transaction(Self.options) { transaction in
                if !gone.isEmpty {
                    try await transaction.execute(
                        "DELETE FROM swarms WHERE node = \(node) AND info_hash = ANY(\(gone))")
                }
                guard !kept.isEmpty else { return }
                try await transaction.execute(
                    """
                    INSERT INTO swarms (info_hash, node, bytes)
                    SELECT e.info_hash, \(node), e.bytes
                    FROM unnest(\(kept.map(\.key)), \(kept.map(\.value))) AS e (info_hash, bytes)
                    WHERE EXISTS (SELECT 1 FROM torrents t WHERE t.info_hash = e.info_hash)
                    ON CONFLICT (info_hash, node) DO UPDATE SET bytes = excluded.bytes, saved_at = now()
                    """)
            }
        }
    }

    /// Swarms that any node saved less than `seconds` ago, in pages of at most `limit` rows; ask again with the last
    /// of a page until none comes.
    public func load(
        after last: KeptSwarm? = nil, youngerThan seconds: Int, limit: Int = 1000
    ) async throws(StoreError) -> [KeptSwarm] {
        // The lengths of values that lie apart are known without reading them.
        try await storing {
            try await database.rows(
                """
                SELECT info_hash, node, bytes, floor(age)::bigint FROM (
                    SELECT info_hash, node, bytes, age, sum(octet_length(bytes)) OVER (ORDER BY info_hash, node)
                        - octet_length(bytes) AS bytes_before
                    FROM (
                        SELECT info_hash, node, bytes, greatest(0, extract(epoch FROM now() - saved_at)) AS age
                        FROM swarms
                        WHERE (info_hash, node) > (\(last?.hash.bytes ?? []), \(last?.node ?? ""))
                            AND saved_at > now() - \(Double(seconds)) * interval '1 second'
                        ORDER BY info_hash, node LIMIT \(min(max(limit, 1), 10_000))) page) sized
                WHERE bytes_before < \(Self.pageBytes) ORDER BY info_hash, node
                """
            ).read { (columns) throws(PostgresError) in try KeptSwarm(columns: &columns) }
        }
    }

    /// Removes what nobody has saved for `seconds`, and swarms whose torrent is gone; returns how many.
    @discardableResult
    public func forgetOlder(than seconds: Int) async throws(StoreError) -> Int {
        try await storing {
            try await database.execute(
                """
                DELETE FROM swarms s WHERE s.saved_at < now() - \(Double(seconds)) * interval '1 second'
                    OR NOT EXISTS (SELECT 1 FROM torrents t WHERE t.info_hash = s.info_hash)
                """)
        }
    }

    /// The number from which all trackers of this site make what they recognise clients by; made on first use, and the
    /// same ever after, so that a client is the same one after a restart.
    public func tagSeed() async throws(StoreError) -> UInt64 {
        let fresh = (0..<8).map { _ in UInt8.random(in: .min ... .max) }
        return try await storing {
            try await database.transaction { transaction in
                try await transaction.execute(
                    "INSERT INTO secrets (name, value) VALUES ('tracker_tag_seed', \(fresh)) ON CONFLICT DO NOTHING")
                let row = try await transaction.first("SELECT value FROM secrets WHERE name = 'tracker_tag_seed'")
                let bytes: [UInt8] = try row?.column(0) ?? fresh
                return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            }
        }
    }
}

extension KeptSwarm {
    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            hash: try columns.infoHash(), node: try columns.next(), bytes: try columns.next(), age: try columns.next())
    }
}
