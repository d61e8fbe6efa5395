public import Catalog
import Postgres

/// The admin's settings. Every change is announced on the channel `settings`, so that all nodes follow.
public struct SettingsRepository: Sendable {
    let database: Database

    /// The settings as they are; what was never set has the default.
    public func load() async throws(StoreError) -> SiteSettings {
        try await storing {
            SiteSettings(stored: try Self.pairs(try await database.rows("SELECT key, value FROM settings")))
        }
    }

    /// Makes changes and returns the settings after them. The audit row says what really changed; where nothing did,
    /// there is none.
    public func save(_ changes: SettingsChanges, by: UserID?) async throws(StoreError) -> SiteSettings {
        try await storing {
            try await database.transaction { transaction in
                let before = SiteSettings(
                    stored: try Self.pairs(try await transaction.rows("SELECT key, value FROM settings")))
                let known = Dictionary(StoredSettings.pairs(before)) { first, _ in first }
                let after = changes.applied(to: before)
                let changed = StoredSettings.pairs(after).filter { known[$0.0] != $0.1 }
                for (key, value) in changed {
                    try await transaction.execute(
                        """
                        INSERT INTO settings (key, value) VALUES (\(key), \(value))
                        ON CONFLICT (key) DO UPDATE SET value = excluded.value
                        """)
                }
                if !changed.isEmpty {
                    let summary = changed.map { "\($0.0) = \($0.1)" }.joined(separator: "; ")
                    try await transaction.audit("settings.change", by: by, video: nil, reason: summary)
                }
                try await transaction.notify("settings")
                return after
            }
        }
    }

    /// An element whenever some node has changed the settings, and after a lost connection was made again.
    public func changes() -> AsyncStream<Void> {
        let database = database
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let follower = Task {
                for await _ in database.listen("settings") { continuation.yield() }
                continuation.finish()
            }
            continuation.onTermination = { _ in follower.cancel() }
        }
    }

    private static func pairs(_ rows: [Row]) throws(PostgresError) -> [String: String] {
        let pairs: [(String, String)] = try rows.read { (columns) throws(PostgresError) in
            (try columns.next(), try columns.next())
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
