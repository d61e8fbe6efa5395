/// Why a connection was not made.
public enum DialError: Error, Sendable, Equatable {
    /// The rules forbid the address; nothing was sent.
    case refused(DialRefusal)
    /// The name has no address, or looking it up failed. The message is the resolver's.
    case unresolved(name: String, message: String)
    /// The system did not send. The message is its own.
    case unreachable(message: String)
}
