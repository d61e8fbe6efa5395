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

    /// Makes changes with an audit row, and returns the settings after them.
    public func save(_ changes: SettingsChanges, by: UserID?) async throws(StoreError) -> SiteSettings {
        let pairs = changes.stored
        let summary = pairs.map { "\($0.key) = \($0.value)" }.joined(separator: "; ")
        return try await storing {
            try await database.transaction { transaction in
                for (key, value) in pairs {
                    try await transaction.execute(
                        """
                        INSERT INTO settings (key, value) VALUES (\(key), \(value))
                        ON CONFLICT (key) DO UPDATE SET value = excluded.value
                        """)
                }
                try await transaction.audit("settings.change", by: by, video: nil, reason: summary)
                try await transaction.notify("settings")
                let rows = try await transaction.rows("SELECT key, value FROM settings")
                return SiteSettings(stored: try Self.pairs(rows))
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

/// How settings lie in rows of key and text.
private enum Key {
    static let bittorrentEnabled = "bittorrent_enabled"
    static let trackerURLs = "tracker_urls"
    static let uploadLimit = "upload_limit"
    static let siteName = "site_name"
}

extension SiteSettings {
    /// What cannot be read has its default.
    fileprivate init(stored: [String: String]) {
        self.init()
        if let value = stored[Key.bittorrentEnabled] { bittorrentEnabled = value == "true" }
        if let value = stored[Key.trackerURLs] { trackerTiers = (try? TrackerTiers(text: value))?.tiers ?? [] }
        if let value = stored[Key.uploadLimit].flatMap(Int64.init), SettingsChanges.uploadLimits.contains(value) {
            uploadLimit = value
        }
        if let value = stored[Key.siteName] { siteName = value }
    }
}

extension SettingsChanges {
    fileprivate var stored: [(key: String, value: String)] {
        [
            bittorrentEnabled.map { (Key.bittorrentEnabled, $0 ? "true" : "false") },
            trackerTiers.map { (Key.trackerURLs, $0.text) },
            uploadLimit.map { (Key.uploadLimit, String($0)) },
            siteName.map { (Key.siteName, $0) },
        ].compactMap { $0 }
    }
}
