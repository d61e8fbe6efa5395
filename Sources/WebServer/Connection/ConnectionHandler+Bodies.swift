import HTTPWire
import NIOCore

extension ConnectionHandler {
    /// The body as the handler gets it.
    func body(of exchange: Exchange, _ head: RequestHead) -> RequestBody {
        guard let context, head.framing != .none else { return .empty }
        let link = link(context)
        let number = exchange.number
        let pipe = BodyPipe(limit: limits.bodyBuffer) { link.perform { $0.bodyWanted(number) } }
        exchange.pipe = pipe
        return RequestBody(contentLength: exchange.decoder.remaining, pipe: pipe)
    }

    /// The handler reads (on).
    private func bodyWanted(_ number: UInt64) {
        guard let exchange = current, exchange.number == number else { return }
        exchange.isBodyWanted = true
        if exchange.needsContinue, exchange.status == nil {
            output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            flushOutput()
        }
        exchange.needsContinue = false
        advance()
    }

    /// Moves body data from the input to the handler; never more than it wants.
    func feedBody(_ exchange: Exchange) -> Bool {
        guard exchange.isBodyWanted, !exchange.isBodyRead, let pipe = exchange.pipe else {
            watchForLeaving(exchange)
            return false
        }
        do {
            let data = try decode(exchange)
            if !data.isEmpty { pipe.push(data) }
        } catch {
            exchange.keepAlive = false
            exchange.isBodyRead = true
            clearDeadline()
            pipe.fail(HTTPError(error))
            return false
        }
        if exchange.isBodyRead {
            clearDeadline()
            pipe.finish()
        } else if inputEnded {
            pipe.fail(ClientGone())
        } else if pipe.wantsMore() {
            setDeadline(.body, after: limits.bodyIdle)
            read()
        } else {
            clearDeadline()
        }
        return false
    }

    /// All body data in the input.
    private func decode(_ exchange: Exchange) throws(RequestError) -> [UInt8] {
        var data: [UInt8] = []
        while input.readableBytes > 0 || exchange.decoder.remaining == 0 {
            let bytes = input
            let step = try exchange.decoder.decode(bytes.readableBytesUInt8Span)
            let start = input.readerIndex + step.data.lowerBound
            if let found = input.viewBytes(at: start, length: step.data.count), !found.isEmpty {
                if data.isEmpty { data = Array(found) } else { data.append(contentsOf: found) }
            }
            input.moveReaderIndex(forwardBy: step.consumed)
            exchange.isBodyRead = step.isFinished
            if step.isFinished || step.consumed == 0 { break }
        }
        return data
    }

    /// Takes the rest of a body that nobody wants.
    func dropBody(_ exchange: Exchange) -> Bool {
        guard (try? decode(exchange)) != nil else {
            closeNow()
            return false
        }
        if exchange.isBodyRead {
            becomeIdle()
            return true
        }
        if inputEnded {
            closeNow()
        } else {
            setDeadline(.body, after: limits.bodyIdle)
            read()
        }
        return false
    }
}
