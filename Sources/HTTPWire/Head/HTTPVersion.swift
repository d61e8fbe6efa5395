/// The protocol versions that are spoken here.
public enum HTTPVersion: Sendable, Equatable {
    /// HTTP/1.0.
    case http10
    /// HTTP/1.1.
    case http11
}
