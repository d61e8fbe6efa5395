/// Why the schema cannot be brought to what this program needs: one line for an administrator.
public struct MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The line.
    public var description: String { message }
}
