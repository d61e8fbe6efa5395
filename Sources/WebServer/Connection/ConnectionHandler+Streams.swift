import HTTPWire
import NIOCore

extension ConnectionHandler {
    /// Sends the head of a streamed answer that a task made; whether its body is to be written.
    func beginStream(_ number: UInt64, _ response: Response) -> Bool {
        guard let exchange = current, exchange.number == number else { return false }
        let begins = beginStream(exchange, response)
        advance()
        return begins
    }

    /// Sends the head of a streamed answer; whether its body is to be written.
    func beginStream(_ exchange: Exchange, _ response: Response) -> Bool {
        begin(exchange, response)
        guard sendsBody(exchange, response.status) else {
            finish(exchange)
            return false
        }
        exchange.isStreaming = true
        switch response.body {
        case .stream(let length, _): exchange.streamLeft = length
        case .events:
            exchange.isEvents = true
            startHeartbeat(exchange)
        default: break
        }
        flushOutput()
        if exchange.isEvents, inputEnded { clientEndedInput() } else { watchForLeaving(exchange) }
        return true
    }

    /// Writes a piece of the body in flight; the continuation resumes when the client has taken enough.
    func writeStream(_ number: UInt64, _ bytes: [UInt8], _ continuation: CheckedContinuation<Void, any Error>) {
        guard let context, let exchange = current, exchange.number == number, exchange.isStreaming else {
            return continuation.resume(throwing: ClientGone())
        }
        if let left = exchange.streamLeft {
            guard Int64(bytes.count) <= left else { return continuation.resume(throwing: BodyLengthError()) }
            exchange.streamLeft = left - Int64(bytes.count)
        }
        writePiece(bytes, exchange)
        flushOutput()
        if context.channel.isWritable {
            continuation.resume()
        } else if exchange.pendingWrite == nil {
            exchange.pendingWrite = continuation
        } else {
            continuation.resume(throwing: BodyLengthError())
        }
    }

    private func writePiece(_ bytes: [UInt8], _ exchange: Exchange) {
        guard exchange.isChunked else { return write(bytes, exchange) }
        output.writeBytes(ChunkedEncoding.prefix(bytes.count))
        write(bytes, exchange)
        output.writeBytes(ChunkedEncoding.suffix)
    }

    /// The body in flight ended. One that is not whole is cut off, so that the client knows.
    func endStream(_ number: UInt64, isWhole: Bool) {
        guard let exchange = current, exchange.number == number, exchange.isStreaming else { return }
        exchange.isStreaming = false
        exchange.heartbeat?.cancel()
        exchange.failWrite()
        guard isWhole, (exchange.streamLeft ?? 0) == 0 else {
            flushOutput()
            exchange.keepAlive = false
            return closeNow()
        }
        if exchange.isChunked { output.writeBytes(ChunkedEncoding.end) }
        finish(exchange)
        advance()
    }

    private func startHeartbeat(_ exchange: Exchange) {
        guard let context else { return }
        let link = link(context)
        let number = exchange.number
        let interval = TimeAmount(limits.heartbeat)
        exchange.heartbeat = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            link.perform { $0.beat(number) }
        }
    }

    /// A comment that keeps proxies from closing an idle stream, and shows us clients that vanished.
    private func beat(_ number: UInt64) {
        guard let context, context.channel.isWritable, let exchange = current, exchange.number == number else { return }
        writePiece(Array(":\n\n".utf8), exchange)
        flushOutput()
    }

    /// While an answer is streamed, the client's leaving is noticed by reading.
    func watchForLeaving(_ exchange: Exchange) {
        if exchange.isStreaming, exchange.isBodyRead, input.readableBytes < 65_536 { read() }
    }
}

/// A streamed body was longer or shorter than declared, or written to by two tasks at once.
struct BodyLengthError: Error {}
