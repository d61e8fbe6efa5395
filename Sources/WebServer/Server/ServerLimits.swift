public import HTTPWire

/// What one client may take of the server.
public struct ServerLimits: Sendable {
    /// Line, header and chunk limits of the parser.
    public var request = RequestLimits()
    /// From the first byte of a request (or the connection's start) to the end of its head; then 408.
    public var headerTime: Duration = .seconds(10)
    /// How long a body that is being read may stand still; then 408.
    public var bodyIdle: Duration = .seconds(30)
    /// How long a client may take no byte of an answer; then the connection is cut.
    public var writeIdle: Duration = .seconds(30)
    /// How long an idle connection is kept between requests.
    public var keepAlive: Duration = .seconds(60)
    /// How long a closed connection waits for more of what the client sends, so that the client sees the answer.
    public var linger: Duration = .seconds(2)
    /// How long it does so in all.
    public var lingerTotal: Duration = .seconds(30)
    /// Between two heartbeat comments of an event stream.
    public var heartbeat: Duration = .seconds(15)
    /// How long a graceful shutdown waits for requests in flight.
    public var grace: Duration = .seconds(10)
    /// Connections per client address; loopback and trusted proxies are exempt.
    public var connectionsPerAddress = 64
    /// Connections in all.
    public var connections = 8192
    /// Body bytes that are taken and dropped to keep a connection whose handler did not read them.
    public var drain = 65_536
    /// Body bytes that are read ahead of the handler.
    public var bodyBuffer = 262_144

    /// The defaults.
    public init() {}
}
