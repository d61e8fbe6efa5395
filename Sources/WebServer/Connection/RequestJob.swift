/// The task of one request: runs its handler, hands over the answer, and writes a streamed body.
struct RequestJob: Sendable {
    let router: Router
    let link: ConnectionLink
    let number: UInt64

    func run(_ handler: @escaping Router.Handler, _ request: Request) async {
        let number = number
        do {
            let response = try await router.answer(handler, request)
            await send(response)
        } catch is ClientGone {
            link.perform { $0.abandon(number) }
        } catch {
            await send(router.errorRenderer(Router.publicError(error, request), request))
        }
    }

    /// Hands over an answer; the event loop does the rest unless its body is streamed.
    private func send(_ response: Response) async {
        let number = number
        switch response.body {
        case .stream, .events:
            let begins = await withCheckedContinuation { continuation in
                link.perform { continuation.resume(returning: $0.beginStream(number, response)) }
            }
            if begins { await stream(response.body) }
        default:
            link.perform { $0.respond(number, response) }
        }
    }

    /// Writes a streamed body whose head is out.
    func stream(_ body: ResponseBody) async {
        let writer = StreamWriter(link: link, number: number)
        let number = number
        do {
            switch body {
            case .stream(_, let write): try await write(writer)
            case .events(let stream): try await Self.write(stream, to: writer)
            default: break
            }
            link.perform { $0.endStream(number, isWhole: true) }
        } catch {
            link.perform { $0.endStream(number, isWhole: false) }
        }
    }

    private static func write(_ stream: EventStream, to writer: StreamWriter) async throws {
        let reconnect = stream.reconnect.map { "retry: \($0.components.seconds * 1000)\n\n" } ?? ":\n\n"
        // Something goes out at once, so that proxies and browsers know that the stream is open.
        try await writer.write(Array(reconnect.utf8))
        switch stream.source {
        case .events(let events): for await event in events { try await writer.write(event.encoded) }
        case .encoded(let events): for await bytes in events { try await writer.write(bytes) }
        }
    }
}
