public import HTTPWire
public import HTTPTypes

/// What a handler answers. Date, Content-Length, Transfer-Encoding and Connection are the server's own.
public struct Response: Sendable {
    /// The status code.
    public var status: HTTPResponse.Status
    /// The header fields. Their type cannot hold CR, LF or NUL.
    public var headers: HTTPFields
    /// The body and how it is sent.
    public var body: ResponseBody

    /// An answer of these parts.
    public init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: ResponseBody = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A page.
    public static func html(_ page: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "text/html; charset=utf-8"], body: .bytes(Array(page.utf8)))
    }

    /// Plain text.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }

    /// A JSON document that is already encoded.
    public static func json(_ document: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "application/json"], body: .bytes(document))
    }

    /// Bytes of any type.
    public static func bytes(
        _ bytes: [UInt8], contentType: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(status: status, headers: [.contentType: contentType], body: .bytes(bytes))
    }

    /// A redirect; `location` is percent-encoded where it holds anything but visible ASCII.
    public static func redirect(to location: String, status: HTTPResponse.Status = .seeOther) -> Response {
        Response(status: status, headers: [.location: HeaderText.uriReference(location)])
    }

    /// No body.
    public static func empty(_ status: HTTPResponse.Status = .noContent) -> Response {
        Response(status: status)
    }

    /// A stream of server-sent events, never cached.
    public static func events(_ events: EventStream) -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        return Response(headers: headers, body: .events(events))
    }

    /// Adds a cookie.
    public mutating func set(_ cookie: SetCookie) {
        headers.append(HTTPField(name: .setCookie, value: cookie.formatted))
    }
}
