/// A response's body and how it is sent.
public enum ResponseBody: Sendable {
    /// No body.
    case none
    /// Bytes from memory, sent with the head in one write.
    case bytes([UInt8])
    /// A range of an open file, sent by the kernel (sendfile).
    case file(OpenFile, Range<Int64>)
    /// Whatever the closure writes. With a length the body is exactly that long, or the connection is cut; without one
    /// it is chunked.
    case stream(length: Int64?, @Sendable (any BodyWriter) async throws -> Void)
    /// Server-sent events, until the stream ends or the client leaves.
    case events(EventStream)
}
