/// Why the embedded cluster cannot run: one line for an administrator.
public struct ClusterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The line.
    public var description: String { message }
}
