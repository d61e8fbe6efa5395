import ByteCoding
import HTTPTypes
import HTTPWire
import Logging
import NIOCore

/// How an answer's body is delimited.
enum ResponseFraming {
    case none
    case length(Int64)
    case chunked
    case untilClose
}

extension ResponseBody {
    /// The length of a body that is known before it is sent; zero for none.
    var memoryCount: Int64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let range): range.upperBound - range.lowerBound
        case .stream(let length, _): length ?? 0
        case .events: 0
        }
    }
}

extension ConnectionHandler {
    /// Sends an answer that a task made, if its request is still the one in flight.
    func respond(_ number: UInt64, _ response: Response) {
        guard let exchange = current, exchange.number == number else { return }
        respond(exchange, response)
        advance()
    }

    /// Sends an answer, or begins to.
    func respond(_ exchange: Exchange, _ response: Response) {
        switch response.body {
        case .none, .bytes:
            begin(exchange, response)
            if case .bytes(let bytes) = response.body, sendsBody(exchange, response.status) { write(bytes, exchange) }
            finish(exchange)
        case .file(let file, let range):
            begin(exchange, response)
            guard sendsBody(exchange, response.status), !range.isEmpty else { return finish(exchange) }
            exchange.file = FileTransfer(file, range)
            sendFile(exchange)
        case .stream, .events:
            guard let context, beginStream(exchange, response) else { return }
            let job = RequestJob(router: shared.router, link: link(context), number: exchange.number)
            exchange.task = Task { await job.stream(response.body) }
        }
    }

    func sendsBody(_ exchange: Exchange, _ status: HTTPResponse.Status) -> Bool {
        exchange.method != .head && Self.hasBody(status)
    }

    /// 1xx, 204 and 304 have none (RFC 9110, 6.4.1).
    static func hasBody(_ status: HTTPResponse.Status) -> Bool {
        status.code >= 200 && status.code != 204 && status.code != 304
    }

    /// Writes the head and settles how the connection goes on.
    func begin(_ exchange: Exchange, _ response: Response) {
        exchange.status = response.status
        if isServerStopping || (inputEnded && input.readableBytes == 0) || !exchange.canDrain(within: limits.drain) {
            exchange.keepAlive = false
        }
        let framing = framing(of: response, exchange)
        if case .untilClose = framing { exchange.keepAlive = false }
        if case .chunked = framing { exchange.isChunked = true }
        writeHead(response, framing: framing, keepAlive: exchange.keepAlive, version: exchange.version)
    }

    private func framing(of response: Response, _ exchange: Exchange) -> ResponseFraming {
        guard Self.hasBody(response.status) else { return .none }
        switch response.body {
        case .none, .bytes, .file: return .length(response.body.memoryCount)
        case .stream(let length?, _): return .length(length)
        case .stream, .events: return exchange.version == .http11 ? .chunked : .untilClose
        }
    }

    func writeHead(
        _ response: Response, framing: ResponseFraming, keepAlive: Bool, version: HTTPVersion = .http11
    ) {
        scratch.removeAll(keepingCapacity: true)
        ResponseHeadEncoder.append(status: response.status, fields: response.headers, to: &scratch)
        shared.date.append(to: &scratch)
        switch framing {
        case .none, .untilClose: break
        case .length(let length): ResponseHeadEncoder.append(contentLength: length, to: &scratch)
        case .chunked: scratch.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        }
        if !keepAlive {
            scratch.append(contentsOf: "Connection: close\r\n".utf8)
        } else if version == .http10 {
            scratch.append(contentsOf: "Connection: keep-alive\r\n".utf8)
        }
        scratch.append(contentsOf: "\r\n".utf8)
        output.writeBytes(scratch)
    }

    /// Sends body bytes: small ones with what else is gathered, large ones as a write of their own.
    func write(_ bytes: [UInt8], _ exchange: Exchange) {
        exchange.bytesSent += Int64(bytes.count)
        if bytes.count <= 32_768 {
            output.writeBytes(bytes)
            return
        }
        writeOutput()
        guard let context else { return }
        context.write(wrapOutboundOut(.byteBuffer(context.channel.allocator.buffer(bytes: bytes))), promise: nil)
        isUnflushed = true
    }

    private func writeOutput() {
        guard output.readableBytes > 0, let context else { return }
        context.write(wrapOutboundOut(.byteBuffer(output)), promise: nil)
        isUnflushed = true
        // The written buffer is NIO's now; clearing would copy it.
        output = ByteBuffer()
    }

    func flushOutput() {
        writeOutput()
        guard isUnflushed else { return }
        isUnflushed = false
        context?.flush()
        watchWrites()
    }

    /// The answer is written: goes on to the next request, or closes.
    func finish(_ exchange: Exchange) {
        record(exchange)
        exchange.task = nil
        clearDeadline()
        // A handler that keeps the body beyond its answer must not wait for it for ever.
        if !exchange.isBodyRead { exchange.pipe?.fail(ClientGone()) }
        if !exchange.keepAlive {
            let clientCloses = exchange.isLast && exchange.isBodyRead && input.readableBytes == 0
            closeAfterFlush(lingers: !clientCloses)
        } else if exchange.isBodyRead {
            becomeIdle()
        } else {
            phase = .draining(exchange)
        }
    }

    func becomeIdle() {
        phase = .waiting
        if isServerStopping, input.readableBytes == 0 {
            return closeAfterFlush()
        }
        setDeadline(.idle, after: limits.keepAlive)
    }

    private func record(_ exchange: Exchange) {
        let status = exchange.status?.code ?? 0
        shared.metrics.record(
            method: exchange.method.rawValue, route: exchange.route, status: status, since: exchange.started)
        let configured = shared.configuration.accessLogLevel
        let level = status >= 500 ? max(.info, configured) : configured
        guard level >= shared.logger.logLevel else { return }
        shared.logger.log(
            level: level, "request",
            metadata: [
                "request": "\(String(exchange.number, radix: 16))", "client": "\(remote.address)",
                "method": "\(exchange.method.rawValue)", "path": "\(exchange.path)", "status": "\(status)",
                "bytes": "\(exchange.bytesSent)",
                "ms": "\((NIODeadline.now() - exchange.started).nanoseconds / 1_000_000)",
            ])
    }
}
