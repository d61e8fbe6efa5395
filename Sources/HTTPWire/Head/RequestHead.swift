public import HTTPTypes

/// A request line and header section, checked.
public struct RequestHead: Sendable {
    /// The method, one of those that are registered.
    public var method: HTTPRequest.Method
    /// The request target: visible ASCII, not yet taken apart (see `RequestTarget`).
    public var target: [UInt8]
    /// The version.
    public var version: HTTPVersion
    /// The header fields in order.
    public var fields: HTTPFields
    /// The values of all Host fields, not yet judged: a server answers 400 unless there is exactly one.
    public var hosts: [String]
    /// How the body is delimited.
    public var framing: BodyFraming
    /// Whether the client wants the connection kept after the answer.
    public var keepAlive: Bool
    /// Whether the client waits for 100 before it sends the body.
    public var expectsContinue: Bool
    /// Whether there is an expectation other than `100-continue`, which is answered 417.
    public var hasUnknownExpectation: Bool
    /// Whether a coding besides `chunked` was applied to the body, which is answered 501.
    public var hasForeignCoding: Bool
}
