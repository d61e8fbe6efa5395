import ByteCoding
import HTTPTypes
import HTTPWire
import NIOCore

extension ConnectionHandler {
    /// Asks the socket for bytes, unless it was asked already.
    func read() {
        guard !isReading, !inputEnded else { return }
        isReading = true
        context?.read()
    }

    /// Does all that can be done with what is there.
    func advance() {
        guard !isAdvancing, context != nil else { return }
        isAdvancing = true
        while step() {}
        isAdvancing = false
        flushOutput()
    }

    /// One step; whether another may follow at once.
    private func step() -> Bool {
        switch phase {
        case .waiting:
            return takeHead()
        case .answering(let exchange):
            return feedBody(exchange)
        case .draining(let exchange):
            return dropBody(exchange)
        case .lingering, .closing:
            dropInput()
            return false
        case .closed:
            return false
        }
    }

    private func takeHead() -> Bool {
        // A client that sends requests but reads no answers waits until it does.
        guard let context, context.channel.isWritable, output.readableBytes < 262_144 else { return false }
        guard input.readableBytes > 0 else { return waitForHead() }
        do {
            let bytes = input
            let parsed = try parser.parse(bytes.readableBytesUInt8Span)
            input.moveReaderIndex(forwardBy: parsed.consumed)
            guard let head = parsed.head else { return waitForHead() }
            clearDeadline()
            start(head)
            return true
        } catch {
            refuse(error)
            return false
        }
    }

    private func waitForHead() -> Bool {
        if inputEnded {
            closeAfterFlush()
            return false
        }
        let hasBegun = parser.isInsideHead || input.readableBytes > 0
        if hasBegun, deadlines.current?.kind != .head { setDeadline(.head, after: limits.headerTime) }
        read()
        return false
    }

    /// Answers a request that cannot be served, and closes.
    func refuse(_ error: RequestError) {
        shared.metrics.record(method: "-", route: nil, status: error.status, since: .now())
        let response = Router.plainText(HTTPError(error))
        writeHead(response, framing: .length(response.body.memoryCount), keepAlive: false)
        if case .bytes(let bytes) = response.body { output.writeBytes(bytes) }
        closeAfterFlush()
    }

    private func start(_ head: RequestHead) {
        let target: RequestTarget
        let origin: RequestOrigin
        do {
            try Self.check(head)
            target = try RequestTarget(head.target.span, method: head.method)
            origin = try self.origin(of: head, target)
        } catch {
            return refuse(error)
        }
        let exchange = Exchange(
            number: shared.nextNumber(), head: head, path: target.path, limits: limits.request)
        phase = .answering(exchange)
        let request = Request(
            number: exchange.number, method: head.method, target: target, headers: head.fields,
            body: body(of: exchange, head), logger: shared.logger, origin: origin)
        answer(exchange, request)
    }

    /// What is refused before any handler sees it.
    private static func check(_ head: RequestHead) throws(RequestError) {
        if head.hasForeignCoding {
            throw RequestError(
                status: 501, code: "unknown_coding", message: "Only the transfer coding chunked is known here.")
        }
        if head.hasUnknownExpectation {
            throw RequestError(status: 417, code: "unknown_expectation", message: "Only 100-continue can be expected.")
        }
        if head.framing != .none, let coding = head.fields[.contentEncoding], coding.lowercased() != "identity" {
            throw RequestError(status: 415, code: "encoded_body", message: "Compressed bodies are not taken.")
        }
    }

    /// Who asks whom (RFC 9112, 3.2): exactly one Host, which an absolute target outranks.
    private func origin(of head: RequestHead, _ target: RequestTarget) throws(RequestError) -> RequestOrigin {
        let hosts = head.hosts
        guard hosts.count == 1 || (hosts.isEmpty && head.version == .http10) else {
            throw RequestError(status: 400, code: "bad_host", message: "The request needs exactly one Host.")
        }
        let named = try hosts.first.map { host throws(RequestError) in try authority(of: host) }
        let name = local.address.isIPv4 ? "\(local.address)" : "[\(local.address)]"
        let fallback = Authority(name: name, port: Int(local.port))
        var origin = RequestOrigin(
            client: remote, localAddress: local, authority: target.authority ?? named ?? fallback, isSecure: false)
        if shared.connections.isTrusted(remote.address) {
            let forwarded = try ForwardedHeaders(head.fields, isTrusted: shared.connections.isTrusted)
            if let client = forwarded.client { origin.client = Endpoint(address: client, port: 0) }
            origin.isSecure = forwarded.isSecure ?? false
            origin.authority = forwarded.authority ?? origin.authority
        }
        let configuration = shared.configuration
        guard
            configuration.allowedHosts.allows(origin.authority.name) || configuration.anyHostPaths.contains(target.path)
        else {
            throw RequestError(
                status: 421, code: "unknown_host",
                message: "This server does not answer for that host; its operator can allow it (--allowed-host).")
        }
        return origin
    }

    private func answer(_ exchange: Exchange, _ request: Request) {
        let router = shared.router
        switch router.dispatch(request) {
        case .direct(let handler, let request):
            exchange.route = request.routePattern
            respond(exchange, handler(request))
        case .async(let handler, let request):
            exchange.route = request.routePattern
            run(exchange, request, handler)
        case .failure(let error, let request):
            run(exchange, request) { _ in throw error }
        }
    }

    /// Starts the task that makes the answer and, where it is streamed, writes its body.
    private func run(_ exchange: Exchange, _ request: Request, _ handler: @escaping Router.Handler) {
        guard let context else { return }
        let job = RequestJob(router: shared.router, link: link(context), number: exchange.number)
        exchange.task = Task { await job.run(handler, request) }
    }
}
