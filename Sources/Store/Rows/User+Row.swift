import Catalog
import Postgres

extension User {
    /// Columns of `users u` in the order `init(columns:)` reads.
    static let selection: SQLQuery = "u.id, u.name, u.role, u.disabled, u.created_at"

    init(columns: inout Columns) throws(PostgresError) {
        let id: UserID = try columns.id()
        let name: String = try columns.next()
        guard let role = Role(rawValue: try columns.next()) else { throw Columns.unreadable("role") }
        self.init(id: id, name: name, role: role, isDisabled: try columns.next(), createdAt: try columns.time())
    }
}
