import ByteCoding
import HTTPWire
import Logging
import NIOCore

/// One connection: frames requests, starts their handlers, and sends the answers in order.
///
/// All state lives on the event loop. One request is answered at a time; what the client pipelines behind it waits in
/// `input`, and nothing is read from the socket while it is not needed.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = IOData

    /// What the connection is about.
    enum Phase {
        /// Between requests, or inside a request's head.
        case waiting
        /// A request is being answered.
        case answering(Exchange)
        /// The answer is out; the rest of the request's body is taken and dropped.
        case draining(Exchange)
        /// The last answer is being flushed.
        case closing
        /// Our side is closed; what the client still sends is dropped so that it can read the answer.
        case lingering
        case closed
    }

    let shared: ConnectionContext
    let remote: Endpoint
    let local: Endpoint
    /// Whether files may go out by sendfile: not under TLS.
    let sendsFiles: Bool

    var context: ChannelHandlerContext?
    var phase = Phase.waiting
    var parser: RequestHeadParser
    var input = ByteBuffer()
    /// Small answers are gathered here, so that a batch of pipelined requests is one write.
    var output = ByteBuffer()
    var scratch: [UInt8] = []
    var isUnflushed = false
    var isReading = false
    var isAdvancing = false
    var inputEnded = false
    var isServerStopping = false
    var deadlines = ConnectionDeadlines()
    private var cachedHost: (value: String, authority: Authority)?

    init(shared: ConnectionContext, remote: Endpoint, local: Endpoint, sendsFiles: Bool) {
        self.shared = shared
        self.remote = remote
        self.local = local
        self.sendsFiles = sendsFiles
        parser = RequestHeadParser(limits: shared.limits.request)
    }

    var limits: ServerLimits { shared.limits }

    /// The exchange in flight.
    var current: Exchange? {
        if case .answering(let exchange) = phase { exchange } else { nil }
    }

    func link(_ context: ChannelHandlerContext) -> ConnectionLink {
        ConnectionLink(self, on: context.eventLoop)
    }

    /// The authority of a Host value; browsers send the same one again and again.
    func authority(of host: String) throws(RequestError) -> Authority {
        if let cachedHost, cachedHost.value == host { return cachedHost.authority }
        let authority = try Authority(Array(host.utf8))
        cachedHost = (host, authority)
        return authority
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        setDeadline(.head, after: limits.headerTime)
        read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        switch phase {
        case .lingering, .closing, .closed: return
        default: break
        }
        if input.readableBytes == 0 { input = buffer } else { input.writeBuffer(&buffer) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        advance()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if let exchange = current, let waiting = exchange.pendingWrite {
            exchange.pendingWrite = nil
            waiting.resume()
        }
        advance()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isReading = false
            inputEnded = true
            clientEndedInput()
        case ShutdownEvent.drain:
            isServerStopping = true
            if case .waiting = phase, !parser.isInsideHead, input.readableBytes == 0 { closeNow() }
            // An event stream has no end of its own to wait for, so it is given one.
            if let exchange = current, exchange.isEvents {
                exchange.keepAlive = false
                let task = exchange.task
                endStream(exchange.number, isWhole: true)
                task?.cancel()
            }
        case ShutdownEvent.cut:
            current?.task?.cancel()
            closeNow()
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shared.logger.trace("connection error", metadata: ["error": "\(error)"])
        closeNow()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connectionEnded()
        context.fireChannelInactive()
    }
}
