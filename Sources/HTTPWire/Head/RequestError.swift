/// Why a request cannot be served: any doubt about its framing ends the connection (RFC 9112, 11.2).
public struct RequestError: Error, Sendable, Equatable {
    /// The status to answer with before closing.
    public let status: Int
    /// A stable word for programs.
    public let code: String
    /// A sentence for people.
    public let message: String

    /// An error of these parts.
    public init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func bad(_ code: String, _ message: String) -> RequestError {
        RequestError(status: 400, code: code, message: message)
    }

    static let requestLine = bad("bad_request_line", "The request line is not valid.")
    static let fieldLine = bad("bad_header", "A header line is not valid.")
    static let lineEnd = bad("bad_line_end", "A line does not end with CRLF.")
    static let target = bad("bad_target", "The request target is not valid.")
    static let host = bad("bad_host", "The request needs exactly one valid Host.")
    static let contentLength = bad("bad_content_length", "The Content-Length is not valid.")
    static let transferEncoding = bad("bad_transfer_encoding", "The Transfer-Encoding is not valid.")
    static let chunk = bad("bad_chunk", "The chunked body is not valid.")
    static let foreignCoding = RequestError(
        status: 501, code: "unknown_coding", message: "Only the transfer coding chunked is known here.")
    static let method = RequestError(
        status: 501, code: "unknown_method", message: "This server does not know that method.")
    static let version = RequestError(
        status: 505, code: "bad_version", message: "This server speaks HTTP/1.1 and HTTP/1.0.")
    static let lineTooLong = RequestError(
        status: 414, code: "target_too_long", message: "The request line is too long.")
    static let headersTooLarge = RequestError(
        status: 431, code: "headers_too_large", message: "The headers are too large.")
}
