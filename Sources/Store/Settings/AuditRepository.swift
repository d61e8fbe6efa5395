public import Catalog
import Postgres

/// The record of what was done; rows are only added.
public struct AuditRepository: Sendable {
    let database: Database

    private static let selection: SQLQuery = """
        SELECT a.id, a.at, a.action, a.by_user, a.by_name, a.video_id, a.reason, v.title, v.slug
        FROM audit_log a LEFT JOIN videos v ON v.id = a.video_id
        """

    /// Adds a row.
    public func record(
        action: String, by: UserID?, video: VideoID? = nil, reason: String = ""
    ) async throws(StoreError) {
        try await storing {
            try await database.transaction { try await $0.audit(action, by: by, video: video, reason: reason) }
        }
    }

    /// The rows, newest first.
    public func list(page: Int = 1, perPage: Int = 50) async throws(StoreError) -> Page<AuditEntry> {
        let window = PageWindow(page: page, perPage: perPage)
        return try await storing {
            let total: Int? = try await database.first("SELECT count(*) FROM audit_log")?.column(0)
            let rows = try await database.rows(
                "\(Self.selection) ORDER BY a.id DESC \(window.limits)")
            return window.page(
                try rows.read { (columns) throws(PostgresError) in try AuditEntry(columns: &columns) },
                total: total ?? 0)
        }
    }

    /// The newest 500 rows about a video, newest first.
    public func list(video: VideoID) async throws(StoreError) -> [AuditEntry] {
        try await storing {
            try await database.rows(
                "\(Self.selection) WHERE a.video_id = \(video.rawValue) ORDER BY a.id DESC LIMIT 500"
            ).read { (columns) throws(PostgresError) in try AuditEntry(columns: &columns) }
        }
    }
}

extension AuditEntry {
    init(columns: inout Columns) throws(PostgresError) {
        self.init(
            id: try columns.next(), at: try columns.time(), action: try columns.next(),
            by: try columns.optionalID(), byName: try columns.next(String?.self), video: try columns.optionalID(),
            reason: try columns.next(), videoTitle: try columns.next(String?.self),
            videoSlug: try columns.next(String?.self).flatMap { Slug($0) })
    }
}
