/// Whether one migration has been applied.
public struct MigrationStatus: Equatable, Sendable {
    /// Its number.
    public let version: Int
    /// Its file's name without the ending.
    public let name: String
    /// Whether the database has it.
    public let isApplied: Bool
}
