/// A source of server-sent events for one client. The server adds heartbeat comments and ends the stream when the
/// client leaves, upon which the source's `onTermination` fires.
public struct EventStream: Sendable {
    let events: AsyncStream<ServerSentEvent>
    let reconnect: Duration?

    /// Events from that stream; `reconnect` tells the client how long to wait before it comes back.
    public init(_ events: AsyncStream<ServerSentEvent>, reconnect: Duration? = nil) {
        self.events = events
        self.reconnect = reconnect
    }
}
