/// How a request's body is delimited (RFC 9112, 6.3).
public enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// A body of so many bytes, more than zero.
    case length(Int64)
    /// A chunked body.
    case chunked
}
