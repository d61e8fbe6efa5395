import Foundation
import HTTPTypes
import Synchronization
import Testing
import WebServer

/// Bodies in both directions, events, slow and vanishing clients.
@Suite(.timeLimit(.minutes(1))) struct StreamingTests {
    static func get(_ path: String, _ more: String = "Connection: close\r\n") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\(more)\r\n"
    }

    @Test func streamsBodiesOut() async throws {
        let piece = [UInt8](repeating: 7, count: 100_000)
        let router = LiveServer.router { router in
            router.on(.get, "/chunked") { _ in
                Response(body: .stream(length: nil) { for _ in 0..<50 { try await $0.write(piece) } })
            }
            router.on(.get, "/sized") { _ in
                Response(body: .stream(length: 5_000_000) { for _ in 0..<50 { try await $0.write(piece) } })
            }
            router.on(.get, "/short") { _ in Response(body: .stream(length: 5_000_000) { try await $0.write(piece) }) }
            router.on(.get, "/long") { _ in Response(body: .stream(length: 10) { try await $0.write(piece) }) }
            router.on(.get, "/memory") { _ in .bytes([UInt8](repeating: 9, count: 5_000_000), contentType: "x/y") }
        }
        try await LiveServer.run(router) { live in
            let client = try live.client()
            try await client.send(Self.get("/chunked", "") + Self.get("/sized", "") + Self.get("/memory"))
            let responses = RawResponse.all(in: try await client.receiveAll())
            #expect(responses.map(\.body.count) == [5_000_000, 5_000_000, 5_000_000])
            #expect(
                responses[0].headers["transfer-encoding"] == "chunked"
                    && responses[1].headers["content-length"] == "5000000")
            // A body that is not as long as declared is cut, never padded or run over.
            #expect(try await live.request(Self.get("/short", ""))?.body.count == 100_000)
            #expect(try await live.request(Self.get("/long", ""))?.body.isEmpty == true)
        }
    }

    /// Reading stops when the handler does not read, and goes on when it does.
    @Test func readsOnlyAsFastAsTheHandler() async throws {
        let total = 64_000_000
        let gate = AsyncStream<Void>.makeStream()
        let taken = Tally()
        let router = LiveServer.router { router in
            router.on(.post, "/slow") { request in
                var iterator = request.body.makeAsyncIterator()
                var count = try await iterator.next()?.count ?? 0
                for await _ in gate.stream { break }
                while let chunk = try await iterator.next() { count += chunk.count }
                return .text("\(count)")
            }
        }
        try await LiveServer.run(router) { live in
            let client = try live.client()
            async let sending: Void = {
                try await client.send(
                    "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: \(total)\r\nConnection: close\r\n\r\n")
                let piece = [UInt8](repeating: 1, count: 1_000_000)
                for _ in 0..<(total / piece.count) {
                    try await client.send(piece)
                    taken.add()
                }
            }()
            // The sender stands still once the kernel's buffers and the server's are full.
            var last = -1
            while taken.value != last {
                last = taken.value
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(last < 20)
            gate.continuation.yield()
            try await sending
            #expect(RawResponse.all(in: try await client.receiveAll()).map(\.text) == ["\(total)"])
        }
    }

    /// A client that leaves in the middle of its body is an error in the handler, never an end.
    @Test func tellsTheHandlerThatTheClientLeft() async throws {
        let failures = Tally(), ends = Tally()
        let router = LiveServer.router { router in
            router.on(.post, "/upload") { request in
                do {
                    for try await _ in request.body {}
                    ends.add()
                } catch is ClientGone {
                    failures.add()
                    throw ClientGone()
                }
                return .text("done")
            }
        }
        try await LiveServer.run(router) { live in
            for body in ["Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"] {
                var client: RawClient? = try live.client()
                try await client?.send("POST /upload HTTP/1.1\r\nHost: x\r\n" + body)
                client?.endSending()
                _ = try await client?.receiveAll()
                client = nil
            }
            try await failures.wait(for: 2)
            #expect(ends.value == 0)
            #expect(try await live.isAlive())
        }
    }

    @Test func closesAfterAnAnswerThatLeftALargeBodyUnread() async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let client = try live.client()
            try await client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")
            try? await client.send([UInt8](repeating: 0, count: 3_000_000))
            let responses = RawResponse.all(in: try await client.receiveAll())
            #expect(responses.map(\.text) == ["ignored"] && responses.first?.headers["connection"] == "close")
        }
    }

    @Test func timesOut() async throws {
        var limits = ServerLimits()
        limits.headerTime = .milliseconds(300)
        limits.keepAlive = .milliseconds(300)
        limits.bodyIdle = .milliseconds(300)
        let seen = Mutex<HTTPResponse.Status?>(nil)
        let router = LiveServer.router { router in
            router.on(.post, "/upload") { request in
                do {
                    return .text("\(try await request.body.collect(upTo: 1000).count)")
                } catch let error as HTTPError {
                    seen.withLock { $0 = error.status }
                    throw error
                }
            }
        }
        try await LiveServer.run(router, limits: limits) { live in
            // H18: half a request, also when it drips, is 408 at the total header time.
            let half = try live.client()
            try await half.send("GET / HTTP/1.1\r\nHo")
            let dripping = Task {
                while (try? await half.send("a")) != nil { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(RawResponse.all(in: try await half.receiveAll()).map(\.status) == [408])
            dripping.cancel()
            // An idle connection is closed without a word, before and after a request.
            #expect(try await live.client().receiveAll().isEmpty)
            let idle = try await live.client().exchange(Self.get("/healthz", ""))
            #expect(idle.map(\.status) == [200])
            // A body that stands still.
            let stalled = try live.client()
            try await stalled.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            #expect(RawResponse.all(in: try await stalled.receiveAll()).map(\.status) == [408])
            #expect(seen.withLock { $0 } == .requestTimeout)
        }
    }

    /// H19: a client that does not read is cut, its writer learns of it, and only a little was buffered.
    @Test func cutsAClientThatDoesNotRead() async throws {
        var limits = ServerLimits()
        limits.writeIdle = .milliseconds(400)
        let written = Mutex(0)
        let failures = Tally()
        let router = LiveServer.router { router in
            router.on(.get, "/film") { _ in
                Response(
                    body: .stream(length: 100_000_000) { writer in
                        do {
                            for _ in 0..<1000 {
                                try await writer.write([UInt8](repeating: 0, count: 100_000))
                                written.withLock { $0 += 100_000 }
                            }
                        } catch {
                            failures.add()
                            throw error
                        }
                    })
            }
        }
        try await LiveServer.run(router, limits: limits) { live in
            let client = try live.client(receiveBuffer: 4096)
            try await client.send(Self.get("/film"))
            try await failures.wait(for: 1)
            #expect(written.withLock { $0 } < 20_000_000)
            #expect(client.isReset)
            #expect(try await live.isAlive())
        }
    }

    /// A handler that is cancelled while the client takes nothing ends, and the client does not take the body for whole.
    @Test func endsAWriteThatIsCancelled() async throws {
        var limits = ServerLimits()
        limits.writeIdle = .seconds(600)
        let pieces = Tally(), failures = Tally()
        let gate = AsyncStream<Void>.makeStream()
        let router = LiveServer.router { router in
            router.on(.get, "/film") { _ in
                Response(
                    body: .stream(length: nil) { writer in
                        let writing = Task {
                            defer { failures.add() }
                            while true {
                                try await writer.write([UInt8](repeating: 0, count: 100_000))
                                pieces.add()
                            }
                        }
                        for await _ in gate.stream { break }
                        writing.cancel()
                        // Whatever the handler makes of it.
                        _ = await writing.result
                    })
            }
        }
        try await LiveServer.run(router, limits: limits) { live in
            let client = try live.client(receiveBuffer: 4096)
            try await client.send(Self.get("/film"))
            var last = -1
            while pieces.value != last {
                last = pieces.value
                try await Task.sleep(for: .milliseconds(300))
            }
            gate.continuation.yield()
            try await failures.wait(for: 1)
            let taken = try await client.receiveAll()
            #expect(taken.count > 4096 && !taken.suffix(5).elementsEqual("0\r\n\r\n".utf8))
            #expect(try await live.isAlive())
        }
    }

    @Test func sendsEventsUntilTheClientLeaves() async throws {
        var limits = ServerLimits()
        limits.heartbeat = .milliseconds(100)
        let ended = Tally(), started = Tally()
        let source = Mutex<AsyncStream<ServerSentEvent>.Continuation?>(nil)
        let router = LiveServer.router { router in
            router.on(.get, "/events") { _ in
                let (stream, continuation) = AsyncStream<ServerSentEvent>.makeStream()
                continuation.onTermination = { _ in ended.add() }
                source.withLock { $0 = continuation }
                started.add()
                return .events(EventStream(stream))
            }
        }
        try await LiveServer.run(router, limits: limits) { live in
            var client: RawClient? = try live.client()
            try await client?.send(Self.get("/events", ""))
            try await started.wait(for: 1)
            source.withLock { _ = $0?.yield(ServerSentEvent(event: "swarm", data: "a\nb", id: "1\n2")) }
            let text = try await client?.receive(until: "data: b\n\n")
            #expect(
                text?.contains("Content-Type: text/event-stream") == true
                    && text?.contains("event: swarm\nid: 12\ndata: a\n") == true)
            #expect(try await client?.receive(until: ":\n\n").contains(":\n\n") == true)
            client = nil
            try await ended.wait(for: 1)
            // A stream that ends by itself ends the answer, not the connection.
            let other = try live.client()
            try await other.send(Self.get("/events", "") + Self.get("/healthz"))
            try await started.wait(for: 2)
            source.withLock { $0?.finish() }
            #expect(RawResponse.all(in: try await other.receiveAll()).last?.text == "ok")
        }
    }

    @Test func encodesEvents() {
        let event = ServerSentEvent(event: "a\r\nb", data: "x\r\ny\rz\n", id: nil)
        #expect(String(decoding: event.encoded, as: UTF8.self) == "event: ab\ndata: x\ndata: y\ndata: z\ndata: \n\n")
    }

    /// K02: nothing new is accepted, requests in flight finish and say that they close, idle connections close.
    @Test func shutsDownGracefully() async throws {
        let started = Tally()
        let gate = AsyncStream<Void>.makeStream()
        let router = LiveServer.router { router in
            router.on(.get, "/wait") { _ in
                started.add()
                for await _ in gate.stream { break }
                return .text("done")
            }
        }
        try await LiveServer.run(router) { live in
            let busy = try live.client(), idle = try live.client()
            try await idle.send(Self.get("/healthz", ""))
            _ = try await idle.receive(until: "ok")
            try await busy.send(Self.get("/wait", ""))
            try await started.wait(for: 1)
            async let stopping: Void = live.server.shutdown()
            #expect(try await idle.receive().isEmpty)
            #expect(throws: ClientFailure.self) { try live.client() }
            gate.continuation.yield()
            let response = RawResponse.all(in: try await busy.receiveAll()).first
            #expect(response?.text == "done" && response?.headers["connection"] == "close")
            await stopping
        }
    }

    /// Open pages must not hold up a restart.
    @Test func endsEventStreamsAtShutdown() async throws {
        let ended = Tally(), started = Tally()
        let router = LiveServer.router { router in
            router.on(.get, "/events") { _ in
                let (stream, continuation) = AsyncStream<ServerSentEvent>.makeStream()
                continuation.onTermination = { _ in ended.add() }
                started.add()
                return .events(EventStream(stream))
            }
        }
        var limits = ServerLimits()
        limits.grace = .seconds(600)
        try await LiveServer.run(router, limits: limits) { live in
            let client = try live.client()
            try await client.send(Self.get("/events", ""))
            _ = try await client.receive(until: ":\n\n")
            await live.server.shutdown()
            try await ended.wait(for: 1)
        }
    }

    /// The task of an event stream ends with it, also where the client takes nothing.
    @Test func endsEventStreamsThatStandStillAtShutdown() async throws {
        let ended = Tally()
        let router = LiveServer.router { router in
            router.on(.get, "/events") { _ in
                let (stream, continuation) = AsyncStream<ServerSentEvent>.makeStream()
                continuation.onTermination = { _ in ended.add() }
                let event = ServerSentEvent(event: "large", data: String(repeating: "a", count: 1_000_000), id: nil)
                for _ in 0..<50 { continuation.yield(event) }
                return .events(EventStream(stream))
            }
        }
        var limits = ServerLimits()
        limits.grace = .seconds(600)
        limits.writeIdle = .seconds(600)
        try await LiveServer.run(router, limits: limits) { live in
            var client: RawClient? = try live.client(receiveBuffer: 4096)
            try await client?.send(Self.get("/events", ""))
            _ = try await client?.receive(until: "event: large")
            try await Task.sleep(for: .milliseconds(300))
            async let stopping: Void = live.server.shutdown()
            try await ended.wait(for: 1)
            client = nil
            await stopping
        }
    }

    @Test func cutsWhatOutlivesTheGrace() async throws {
        var limits = ServerLimits()
        limits.grace = .milliseconds(200)
        let started = Tally(), cancelled = Tally()
        let router = LiveServer.router { router in
            router.on(.get, "/forever") { _ in
                started.add()
                do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.add() }
                return .text("")
            }
        }
        try await LiveServer.run(router, limits: limits) { live in
            let client = try live.client()
            try await client.send(Self.get("/forever"))
            try await started.wait(for: 1)
            await live.server.shutdown()
            #expect(try await client.receiveAll().isEmpty)
            try await cancelled.wait(for: 1)
        }
    }

    @Test func limitsConnections() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        try await LiveServer.run(LiveServer.router(), limits: limits) { live in
            var clients = try (0..<2).map { _ in try live.client() }
            for client in clients {
                try await client.send(Self.get("/healthz", ""))
                #expect(try await client.receive(until: "ok").contains("200"))
            }
            #expect(try await live.client().receiveAll().isEmpty)
            clients.removeAll()
            // The place is free again once the server has seen the others go.
            while try await live.client().exchange(Self.get("/healthz")).isEmpty {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
