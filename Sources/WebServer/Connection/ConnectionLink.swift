import NIOCore

/// A way from anywhere to a connection on its event loop.
struct ConnectionLink: Sendable {
    private let handler: NIOLoopBound<ConnectionHandler>

    init(_ handler: ConnectionHandler, on loop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: loop)
    }

    func perform(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        let handler = handler
        if handler.eventLoop.inEventLoop {
            body(handler.value)
        } else {
            handler.eventLoop.execute { body(handler.value) }
        }
    }
}
