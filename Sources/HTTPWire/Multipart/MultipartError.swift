/// Why a multipart body was refused.
public enum MultipartError: Error, Sendable, Equatable {
    /// The Content-Type names no valid boundary.
    case noBoundary
    /// The body is not made of parts as RFC 2046 and 7578 have it.
    case malformed
    /// The body ended before its last boundary.
    case unfinished
    /// More parts than the limit.
    case tooManyParts
    /// A part's header section is over the limit.
    case headersTooLarge
}
