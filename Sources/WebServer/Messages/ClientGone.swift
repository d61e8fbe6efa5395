/// The client closed the connection, or stopped reading, in the middle of an exchange.
public struct ClientGone: Error, Sendable {
    /// The one value there is.
    public init() {}
}
