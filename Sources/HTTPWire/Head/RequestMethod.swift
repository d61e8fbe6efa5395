import HTTPTypes

/// The methods of the IANA registry that a client may be excused for sending; any other word is 501.
enum RequestMethod {
    private static let others: Set<String> = [
        "TRACE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND",
        "UNBIND",
        "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE",
        "MKCALENDAR", "LINK", "UNLINK", "SOURCE", "QUERY",
    ]

    /// CONNECT is refused here: this server is no proxy, and its target has a form of its own.
    static func parse(_ range: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> HTTPRequest.Method {
        guard !range.isEmpty else { throw RequestError.requestLine }
        for index in range where !Octet.isToken(input[index]) { throw RequestError.requestLine }
        switch input.text(range) {
        case "GET": return .get
        case "HEAD": return .head
        case "POST": return .post
        case "PUT": return .put
        case "PATCH": return .patch
        case "DELETE": return .delete
        case "OPTIONS": return .options
        case "PRI": throw RequestError.version
        case let other:
            guard others.contains(other), let method = HTTPRequest.Method(rawValue: other) else {
                throw RequestError.method
            }
            return method
        }
    }
}
