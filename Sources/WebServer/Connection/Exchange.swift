import HTTPTypes
import HTTPWire
import NIOCore

/// One request and its answer on a connection. Lives on the event loop.
final class Exchange {
    let number: UInt64
    let method: HTTPRequest.Method
    let version: HTTPVersion
    let path: String
    let started = NIODeadline.now()
    var route: String?
    var keepAlive: Bool
    /// Whether the client said that it sends nothing after this request.
    let isLast: Bool

    // The request's body.
    var decoder: BodyDecoder
    var isBodyRead: Bool
    var needsContinue: Bool
    /// Whether the handler has asked for the body.
    var isBodyWanted = false
    var pipe: BodyPipe?

    // The answer.
    var task: Task<Void, Never>?
    var status: HTTPResponse.Status?
    var bytesSent: Int64 = 0
    /// How many bytes a streamed body must still have; nil when it is chunked or ends with the connection.
    var streamLeft: Int64?
    var isChunked = false
    var isEvents = false
    var isStreaming = false
    var pendingWrite: CheckedContinuation<Void, any Error>?
    var file: FileTransfer?
    var heartbeat: RepeatedTask?

    init(number: UInt64, head: RequestHead, path: String, limits: RequestLimits) {
        self.number = number
        self.method = head.method
        self.version = head.version
        self.path = path
        keepAlive = head.keepAlive
        isLast = !head.keepAlive
        decoder = BodyDecoder(head.framing, limits: limits)
        isBodyRead = head.framing == .none
        needsContinue = head.expectsContinue && head.framing != .none
    }

    /// Tells the task that waits for the client to take more that it will not.
    func failWrite() {
        let waiting = pendingWrite
        pendingWrite = nil
        waiting?.resume(throwing: ClientGone())
    }

    /// Whether the rest of an unread body is so small that taking it is cheaper than a new connection.
    func canDrain(within limit: Int) -> Bool {
        if isBodyRead { return true }
        guard !needsContinue, let remaining = decoder.remaining else { return false }
        return remaining <= Int64(limit)
    }
}
