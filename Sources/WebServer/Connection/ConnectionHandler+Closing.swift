import HTTPWire
import NIOCore

extension ConnectionHandler {
    /// Closes when all is flushed: at once where the client sends nothing more, else with a linger.
    func closeAfterFlush(lingers: Bool = true) {
        guard let context else { return }
        phase = .closing
        let link = link(context)
        let flushed = context.eventLoop.makePromise(of: Void.self)
        // What is gathered, or nothing at all: its promise comes after all that was written before.
        let rest = output
        output = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(rest)), promise: flushed)
        isUnflushed = false
        watchWrites()
        flushed.futureResult.whenComplete { result in
            link.perform { handler in
                if case .success = result, lingers { handler.linger() } else { handler.closeNow() }
            }
        }
    }

    /// Closes our side and takes what the client still sends: closing a socket with unread bytes resets it, and the
    /// client might lose the answer (RFC 9112, 9.6).
    private func linger() {
        guard case .closing = phase, let context else { return }
        if inputEnded { return closeNow() }
        phase = .lingering
        input.clear()
        deadlines.lingerEnd = .now() + TimeAmount(limits.lingerTotal)
        setDeadline(.linger, after: limits.linger)
        context.close(mode: .output, promise: nil)
        read()
    }

    /// Takes and drops what the client sends after the last answer; a browser in the middle of an upload looks for the
    /// answer only when it has sent a good deal of it.
    func dropInput() {
        input.clear()
        guard case .lingering = phase else { return }
        if inputEnded || NIODeadline.now() > deadlines.lingerEnd { return closeNow() }
        setDeadline(.linger, after: limits.linger)
        read()
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    /// The client will send no more; it may still read.
    func clientEndedInput() {
        switch phase {
        case .waiting, .draining: advance()
        case .lingering: closeNow()
        case .closing, .closed: break
        case .answering(let exchange):
            if exchange.isEvents { return closeNow() }
            if !exchange.isBodyRead { advance() }
        }
    }

    /// The answer's maker found that the client is gone.
    func abandon(_ number: UInt64) {
        guard let exchange = current, exchange.number == number else { return }
        closeNow()
    }

    /// The connection is gone: everyone who waits for it learns so.
    func connectionEnded() {
        let exchange = current
        phase = .closed
        stopTimers()
        input = ByteBuffer()
        output = ByteBuffer()
        guard let exchange else { return }
        exchange.pipe?.fail(ClientGone())
        exchange.heartbeat?.cancel()
        exchange.file = nil
        exchange.failWrite()
        // A handler that has not answered yet may be in the middle of something that must not be torn: it runs on.
        if exchange.isStreaming { exchange.task?.cancel() }
    }
}
