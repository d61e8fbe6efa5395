/// Brings the schema of a database to what this program needs. Each file of the folder is one transaction, recorded in
/// `schema_migrations` with its SHA-256; several programs at once take turns by an advisory lock, and a program that is
/// killed in the middle leaves the files it has finished and nothing of the one it was at.
public struct Migrations: Sendable {
    /// Any number no other program uses for its locks.
    private static let lock: Int64 = 0x5265_656C_7377_6172

    private static let options = TransactionOptions(timeout: .seconds(3600), lockTimeout: .seconds(300))

    private let directory: String

    private struct Applied: Sendable {
        let version: Int
        let name: String
        let checksum: [UInt8]
    }

    /// Takes the folder with the files.
    public init(directory: String) { self.directory = directory }

    /// Applies what is missing. Throws a `MigrationError` where the database's schema is newer than this program or
    /// an applied file has changed, and a `PostgresError` where the database refuses.
    public func run(on database: Database) async throws {
        let files = try MigrationFile.all(in: directory)
        try await prepareTable(database)
        for file in files {
            try await database.transaction(Self.options) { transaction in
                try await apply(file, among: files, transaction)
            }
        }
    }

    /// What is applied and what is missing; the same errors as `run`. Changes nothing.
    public func status(on database: Database) async throws -> [MigrationStatus] {
        let files = try MigrationFile.all(in: directory)
        let applied = try await database.transaction { transaction in
            guard try await hasTable(transaction) else { return [Applied]() }
            let applied = try await self.applied(transaction)
            try await check(applied, against: files, transaction)
            return applied
        }
        return files.map { file in
            let isApplied = applied.contains { $0.version == file.version }
            return MigrationStatus(version: file.version, name: file.name, isApplied: isApplied)
        }
    }

    private func prepareTable(_ database: Database) async throws {
        try await database.transaction(Self.options) { transaction in
            try await takeTurn(transaction)
            guard try await !hasTable(transaction) else { return }
            try await transaction.execute(
                """
                CREATE TABLE schema_migrations (
                    version integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now())
                """)
        }
    }

    private func apply(
        _ file: MigrationFile, among files: [MigrationFile], _ transaction: Transaction
    ) async throws {
        try await takeTurn(transaction)
        let applied = try await applied(transaction)
        try await check(applied, against: files, transaction)
        guard !applied.contains(where: { $0.version == file.version }) else { return }
        try await transaction.run(script: file.text)
        try await transaction.execute(
            """
            INSERT INTO schema_migrations (version, name, checksum)
            VALUES (\(file.version), \(file.name), sha256(\(Array(file.text.utf8))))
            """)
    }

    private func takeTurn(_ transaction: Transaction) async throws(PostgresError) {
        _ = try await transaction.rows("SELECT pg_advisory_xact_lock(\(Self.lock))")
    }

    private func hasTable(_ transaction: Transaction) async throws(PostgresError) -> Bool {
        try await transaction.first("SELECT to_regclass('schema_migrations') IS NOT NULL")?.column(0) ?? false
    }

    private func applied(_ transaction: Transaction) async throws(PostgresError) -> [Applied] {
        let rows = try await transaction.rows("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
        return try rows.map { (row) throws(PostgresError) in
            Applied(version: try row.column(0), name: try row.column(1), checksum: try row.column(2))
        }
    }

    private func check(
        _ applied: [Applied], against files: [MigrationFile], _ transaction: Transaction
    ) async throws {
        if let newest = applied.last?.version, newest > files.count {
            throw MigrationError(
                "The database's schema is at version \(newest), newer than this program's \(files.count): "
                    + "start a newer program, or use another database.")
        }
        for migration in applied {
            guard let file = files.first(where: { $0.version == migration.version }) else { continue }
            let checksum: [UInt8]? = try await transaction.first("SELECT sha256(\(Array(file.text.utf8)))")?.column(0)
            guard checksum == migration.checksum else {
                throw MigrationError(
                    "The migration \(file.name) is not the one this database was made with (\(migration.name)): "
                        + "its checksum differs.")
            }
        }
    }
}

extension Transaction {
    /// Runs the text of a migration file. Only files of the program come here, never values.
    func run(script: String) async throws(PostgresError) {
        try checkOpen()
        _ = try await session.withConnection { (connection, deadline) throws(PostgresError) in
            try connection.run(script: script, deadline: deadline)
        }
    }
}
