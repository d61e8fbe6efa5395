public import Catalog
import Metainfo
import Postgres

/// Imports: asked for by publishers, worked on by one node at a time under a lease.
public struct ImportRepository: Sendable {
    /// Imports of one publisher that may be under way at one time.
    public static let maximumUnderWay = 20

    let database: Database

    /// Takes an import on. Throws `.conflict` where the same publisher imports this torrent already, or too many.
    public func add(_ new: NewImport) async throws(StoreError) -> Import {
        try await storing {
            try await database.transaction { transaction in
                try await requireRoom(transaction, for: new.ownerID)
                let row = try await transaction.first(
                    """
                    INSERT INTO imports (owner_id, source, info_hash, name, title, description, tags)
                    VALUES (\(new.ownerID.rawValue), \(new.source), \(new.infoHash.bytes), \(new.name),
                        \(new.words.title), \(new.words.description), \(new.words.tags))
                    ON CONFLICT DO NOTHING RETURNING id
                    """)
                guard let row else { throw StoreError(.conflict, "You are importing this torrent already.") }
                return try await transaction.importing(ImportID(rawValue: try row.column(0)))
            }
        }
    }

    private func requireRoom(_ transaction: Transaction, for owner: UserID) async throws {
        let row = try await transaction.first(
            """
            SELECT count(*) FROM imports WHERE owner_id = \(owner.rawValue)
                AND state IN ('waiting', 'fetching', 'choosing', 'publishing')
            """)
        let count: Int = try row?.column(0) ?? 0
        guard count < Self.maximumUnderWay else {
            throw StoreError(.conflict, "At most \(Self.maximumUnderWay) imports can be under way at one time.")
        }
    }

    /// One import; nil where there is none, or it is not `owner`'s (nil: anyone's).
    public func find(_ id: ImportID, owner: UserID?) async throws(StoreError) -> Import? {
        try await storing {
            try await database.first(
                """
                SELECT \(Import.selection) FROM \(Import.tables)
                WHERE i.id = \(id.rawValue) AND (\(owner?.rawValue)::bigint IS NULL OR i.owner_id = \(owner?.rawValue))
                """)?.read { (columns) throws(PostgresError) in try Import(columns: &columns) }
        }
    }

    /// The latest imports of a publisher, newest first; of everybody where nil.
    public func latest(of owner: UserID?, limit: Int = 50) async throws(StoreError) -> [Import] {
        try await storing {
            try await database.rows(
                """
                SELECT \(Import.selection) FROM \(Import.tables)
                WHERE \(owner?.rawValue)::bigint IS NULL OR i.owner_id = \(owner?.rawValue)
                ORDER BY i.id DESC LIMIT \(min(max(limit, 1), 500))
                """
            ).read { (columns) throws(PostgresError) in try Import(columns: &columns) }
        }
    }

    /// Chooses the film among several files; the import goes on. Throws `.notFound`, and `.conflict` where nothing is
    /// to be chosen or there is no such file.
    public func choose(_ file: Int, of id: ImportID, owner: UserID?) async throws(StoreError) {
        try await change(id, owner, "This import has no such file to choose.") {
            """
            UPDATE imports SET state = 'waiting', chosen_file = \(file), updated_at = now()
            WHERE id = \(id.rawValue) AND state = 'choosing' AND \(file) = ANY(file_numbers)
            """
        }
    }

    /// Gives an import up. Throws `.notFound`, and `.conflict` where it has ended.
    public func cancel(_ id: ImportID, owner: UserID?) async throws(StoreError) {
        try await change(id, owner, "This import has ended already.") {
            """
            UPDATE imports SET state = 'cancelled', fence = fence + 1, updated_at = now()
            WHERE id = \(id.rawValue) AND state IN ('waiting', 'fetching', 'choosing', 'publishing')
            """
        }
    }

    /// Tries a failed or cancelled import again. Throws `.notFound`, and `.conflict` where it did not end so or is
    /// under way anew.
    public func retry(_ id: ImportID, owner: UserID?) async throws(StoreError) {
        try await change(id, owner, "This import cannot be tried again.") {
            """
            UPDATE imports i SET state = 'waiting', reason = '', leased_until = NULL, updated_at = now()
            WHERE id = \(id.rawValue) AND state IN ('failed', 'cancelled') AND NOT EXISTS (
                SELECT 1 FROM imports o WHERE o.owner_id = i.owner_id AND o.info_hash = i.info_hash
                    AND o.state IN ('waiting', 'fetching', 'choosing', 'publishing'))
            """
        }
    }

    private func change(
        _ id: ImportID, _ owner: UserID?, _ conflict: String, _ statement: @Sendable () -> SQLQuery
    ) async throws(StoreError) {
        guard try await find(id, owner: owner) != nil else { throw StoreError(.notFound, "There is no such import.") }
        let changed = try await storing { try await database.execute(statement()) }
        guard changed == 1 else { throw StoreError(.conflict, conflict) }
    }
}

extension Transaction {
    fileprivate func importing(_ id: ImportID) async throws -> Import {
        let row = try await first(
            "SELECT \(Import.selection) FROM \(Import.tables) WHERE i.id = \(id.rawValue)")
        guard let row else { throw StoreError(.broken, "The import is not there.") }
        return try row.read { (columns) throws(PostgresError) in try Import(columns: &columns) }
    }
}
