public import HTTPTypes
import HTTPWire

/// A failure that the client may hear of: thrown by handlers, rendered by the router's `errorRenderer`.
public struct HTTPError: Error, Sendable {
    /// The status code.
    public var status: HTTPResponse.Status
    /// A stable word for programs, such as `bad_range`.
    public var code: String
    /// A sentence for people.
    public var message: String
    /// Header fields that go with the answer, such as `Retry-After`.
    public var headers: HTTPFields

    /// A failure of these parts.
    public init(_ status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]) {
        self.status = status.worded
        self.code = code
        self.message = message
        self.headers = headers
    }

    /// A failure of these parts.
    public init(status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]) {
        self.init(status, code: code, message: message, headers: headers)
    }

    init(_ error: RequestError) {
        self.init(HTTPResponse.Status(code: error.status), code: error.code, message: error.message)
    }

    /// 404.
    public static var notFound: HTTPError {
        HTTPError(.notFound, code: "not_found", message: "There is nothing at this address.")
    }

    /// 400 with that sentence.
    public static func badRequest(_ message: String, code: String = "bad_request") -> HTTPError {
        HTTPError(.badRequest, code: code, message: message)
    }

    /// 413: more bytes than the limit.
    public static func tooLarge(limit: Int64) -> HTTPError {
        HTTPError(.contentTooLarge, code: "too_large", message: "The body is larger than \(limit) bytes.")
    }

    /// 500, which says nothing of the cause.
    public static var internalError: HTTPError {
        HTTPError(
            .internalServerError, code: "internal_error", message: "Something went wrong on this server.")
    }

    static func methodNotAllowed(_ allowed: String) -> HTTPError {
        HTTPError(
            .methodNotAllowed, code: "method_not_allowed", message: "This address does not take that method.",
            headers: [.allow: allowed])
    }

    static var bodyTimedOut: HTTPError {
        HTTPError(.requestTimeout, code: "body_timeout", message: "The body stopped arriving.")
    }
}

extension HTTPError: CustomStringConvertible {
    /// The status, code and sentence, as logs show them.
    public var description: String { "\(status.code) \(code): \(message)" }
}
