import Glibc
import HTTPWire
import NIOCore

extension ConnectionHandler {
    func setDeadline(_ kind: ConnectionDeadlines.Kind, after duration: Duration) {
        let time = NIODeadline.now() + TimeAmount(duration)
        deadlines.current = (kind, time)
        if time < deadlines.timerAt { startTimer(at: time) }
    }

    func clearDeadline() {
        deadlines.current = nil
    }

    private func startTimer(at time: NIODeadline) {
        guard let context else { return }
        deadlines.timer?.cancel()
        deadlines.timerAt = time
        let link = link(context)
        deadlines.timer = context.eventLoop.scheduleTask(deadline: time) { link.perform { $0.timerRang() } }
    }

    private func timerRang() {
        deadlines.timerAt = .distantFuture
        guard let current = deadlines.current else { return }
        guard NIODeadline.now() >= current.at else { return startTimer(at: current.at) }
        deadlines.current = nil
        switch current.kind {
        case .head:
            if parser.isInsideHead || input.readableBytes > 0 { refuse(Self.headTimedOut) } else { closeNow() }
        case .idle, .linger:
            closeNow()
        case .body:
            bodyStoodStill()
        }
    }

    private static let headTimedOut = RequestError(
        status: 408, code: "head_timeout", message: "The request did not arrive in time.")

    private func bodyStoodStill() {
        switch phase {
        case .answering(let exchange):
            exchange.keepAlive = false
            exchange.pipe?.fail(HTTPError.bodyTimedOut)
        default: closeNow()
        }
    }

    /// Begins to watch the client's reading, if bytes are waiting for it.
    func watchWrites() {
        guard let context, deadlines.writeTimer == nil, let waiting = bufferedBytes, waiting > 0 else { return }
        deadlines.writeMark = (waiting, .now())
        scheduleWriteCheck(context)
    }

    private var bufferedBytes: Int? {
        guard let options = context?.channel.syncOptions else { return nil }
        return try? options.getOption(.bufferedWritableBytes)
    }

    private func scheduleWriteCheck(_ context: ChannelHandlerContext) {
        let link = link(context)
        let interval = TimeAmount(limits.writeIdle) / 4
        deadlines.writeTimer = context.eventLoop.scheduleTask(in: interval) { link.perform { $0.checkWrites() } }
    }

    /// Cuts the connection when the client took no byte for the write idle time.
    private func checkWrites() {
        deadlines.writeTimer = nil
        guard let context, let waiting = bufferedBytes, waiting > 0 else { return }
        let now = NIODeadline.now()
        if waiting != deadlines.writeMark.bytes {
            deadlines.writeMark = (waiting, now)
        } else if now - deadlines.writeMark.at >= TimeAmount(limits.writeIdle) {
            return cut(context)
        }
        scheduleWriteCheck(context)
    }

    /// Closes by a reset: an ordinary close would leave megabytes of the answer in the kernel, for as long as the
    /// client says that it is there and takes nothing.
    private func cut(_ context: ChannelHandlerContext) {
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(Glibc.linger(l_onoff: 1, l_linger: 0))
        closeNow()
    }

    func stopTimers() {
        deadlines.timer?.cancel()
        deadlines.timer = nil
        deadlines.timerAt = .distantFuture
        deadlines.writeTimer?.cancel()
        deadlines.writeTimer = nil
        deadlines.current = nil
    }
}

extension TimeAmount {
    static func / (left: TimeAmount, right: Int64) -> TimeAmount {
        .nanoseconds(max(1_000_000, left.nanoseconds / right))
    }
}
