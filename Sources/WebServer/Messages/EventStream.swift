/// A source of server-sent events for one client. The server adds heartbeat comments and ends the stream when the
/// client leaves, upon which the source's `onTermination` fires.
public struct EventStream: Sendable {
    /// Where the events come from.
    enum Source: Sendable {
        case events(AsyncStream<ServerSentEvent>)
        case encoded(AsyncStream<[UInt8]>)
    }

    let source: Source
    let reconnect: Duration?

    /// Events from that stream; `reconnect` tells the client how long to wait before it comes back.
    public init(_ events: AsyncStream<ServerSentEvent>, reconnect: Duration? = nil) {
        source = .events(events)
        self.reconnect = reconnect
    }

    /// Events that are on the wire's form already (`ServerSentEvent.encoded`), one or several whole ones in each
    /// element: what many clients are told is encoded once.
    public init(encoded events: AsyncStream<[UInt8]>, reconnect: Duration? = nil) {
        source = .encoded(events)
        self.reconnect = reconnect
    }
}
