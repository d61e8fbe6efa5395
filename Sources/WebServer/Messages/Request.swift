public import ByteCoding
public import HTTPTypes
public import HTTPWire
public import Logging

/// One request as a handler sees it: parsed, normalised, its host checked and its client known.
public struct Request: Sendable {
    /// A number unique in this process; what `id` prints.
    public let number: UInt64
    /// The request method.
    public let method: HTTPRequest.Method
    /// The path, percent-decoded, with dot segments resolved and repeated slashes merged. Begins with `/`.
    public let path: String
    /// The path as it came, still percent-encoded.
    public let rawPath: String
    /// The bytes after `?`, undecoded; empty without a query.
    public let rawQuery: [UInt8]
    /// The header fields as received.
    public let headers: HTTPFields
    /// The client: the connection's peer, or what a trusted proxy said of it.
    public let client: Endpoint
    /// Whether the client spoke TLS (to us, or to a trusted proxy).
    public let isSecure: Bool
    /// The host part of the authority the client asked for, lower-case, IPv6 literals in brackets.
    public let hostName: String
    /// The port in the authority, where one was given.
    public let hostPort: Int?
    /// The address and port of ours on which the connection came in.
    public let localAddress: Endpoint
    /// What the route's pattern captured from the path.
    public var parameters: PathParameters
    /// The pattern of the route that answers; nil before routing.
    public internal(set) var routePattern: String?
    /// The body, to be read at most once.
    public let body: RequestBody
    /// What middleware attached, by key.
    var attributes: [ObjectIdentifier: any Sendable] = [:]
    /// The decoded path segments, which may hold slashes that came as `%2F`.
    let segments: [String]
    private var baseLogger: Logger

    /// Makes a request by hand, as tests do; the server makes its own.
    public init(
        method: HTTPRequest.Method = .get, target: String = "/", headers: HTTPFields = [:], body: RequestBody = .empty,
        client: Endpoint, localAddress: Endpoint, host: String = "localhost", isSecure: Bool = false,
        logger: Logger = Logger(label: "reelswarm.web")
    ) throws(RequestError) {
        let parsed = try RequestTarget(Array(target.utf8).span, method: method)
        let named = try Authority(Array(host.utf8))
        let authority = parsed.authority ?? named
        self.init(
            number: 0, method: method, target: parsed, headers: headers, body: body, logger: logger,
            origin: RequestOrigin(client: client, localAddress: localAddress, authority: authority, isSecure: isSecure))
    }

    init(
        number: UInt64, method: HTTPRequest.Method, target: RequestTarget, headers: HTTPFields, body: RequestBody,
        logger: Logger, origin: RequestOrigin
    ) {
        self.number = number
        self.method = method
        self.path = target.path
        self.rawPath = target.rawPath
        self.rawQuery = target.rawQuery
        self.segments = target.segments
        self.headers = headers
        self.client = origin.client
        self.isSecure = origin.isSecure
        self.hostName = origin.authority.name
        self.hostPort = origin.authority.port
        self.localAddress = origin.localAddress
        self.parameters = PathParameters()
        self.body = body
        self.baseLogger = logger
    }

    /// What logs call this request: sixteen hex digits.
    public var id: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }

    /// The authority as the client named it: the host, and the port where one was given.
    public var host: String { hostPort.map { "\(hostName):\($0)" } ?? hostName }

    /// The query's fields in order. Decoded anew on each access.
    public var query: FormFields { FormFields(decoding: rawQuery) }

    /// Whether the client is this machine.
    public var isLocalConnection: Bool { client.address.scope == .loopback }

    /// The cookies the client sent.
    public var cookies: Cookies { Cookies(headers[values: .cookie]) }

    /// A logger that names this request. Setting it replaces the base that later accesses build on.
    public var logger: Logger {
        get {
            var logger = baseLogger
            logger[metadataKey: "request"] = .string(id)
            return logger
        }
        set { baseLogger = newValue }
    }

    /// A value that middleware attached for handlers further in.
    public subscript<Key: RequestAttribute>(_ key: Key.Type) -> Key.Value? {
        get { attributes[ObjectIdentifier(key)] as? Key.Value }
        set { attributes[ObjectIdentifier(key)] = newValue }
    }
}
