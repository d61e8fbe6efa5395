import ByteCoding
import HTTPTypes
import HTTPWire
import Testing
import WebServer

/// Requests and answers on one connection, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    static func get(_ path: String, _ more: String = "") -> String { "GET \(path) HTTP/1.1\r\nHost: x\r\n\(more)\r\n" }

    @Test func answersAndNamesTheDateButNoVersion() async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let response = try #require(try await live.request(Self.get("/hello/you", "Connection: close\r\n")))
            #expect(response.status == 200 && response.text == "hello you")
            #expect(response.headers["content-length"] == "9" && response.headers["connection"] == "close")
            #expect(response.headers["date"].flatMap(HTTPDate.parse) != nil)
            #expect(response.headers["server"] == nil)
        }
    }

    /// H12: answers come in order, also where slow ones are followed by fast ones; a malformed request ends it.
    @Test func answersPipelinedRequestsInOrder() async throws {
        let router = LiveServer.router { router in
            router.on(.get, "/slow/{n}") { request in
                try await Task.sleep(for: .milliseconds(2))
                return .text("slow \(request.parameters["n"] ?? "")")
            }
        }
        try await LiveServer.run(router) { live in
            var batch = ""
            for n in 1...100 {
                if n == 50 { batch += "GET /bad\u{1} HTTP/1.1\r\nHost: x\r\n\r\n" }
                batch += Self.get(n % 3 == 0 ? "/healthz" : n % 3 == 1 ? "/slow/\(n)" : "/hello/\(n)")
            }
            let responses = try await live.client().exchange(batch)
            #expect(responses.count == 50)
            for (index, response) in responses.dropLast().enumerated() {
                let n = index + 1
                #expect(response.text == (n % 3 == 0 ? "ok" : n % 3 == 1 ? "slow \(n)" : "hello \(n)"))
            }
            #expect(responses.last?.status == 400 && responses.last?.headers["connection"] == "close")
            #expect(try await live.isAlive())
        }
    }

    /// H04 to H08, H11, H14, H15, H24: refused, closed, and what follows is not answered.
    @Test(arguments: [
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5,5\r\n\r\nabcde", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("\u{13}BitTorrent protocol", 400),
        ("EHLO x\r\n", 400), ("GET /\(String(repeating: "a", count: 8200)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 300_000))\r\n", 431),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: zzz\r\nContent-Length: 1\r\n\r\nx", 417),
    ])
    func refusesAndCloses(request: String, status: Int) async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let client = try live.client()
            try? await client.send(request + Self.get("/hello/marker"))
            let responses = RawResponse.all(in: try await client.receiveAll())
            #expect(responses.map(\.status) == [status])
            #expect(responses.first?.headers["connection"] == "close")
            #expect(try await live.isAlive())
        }
    }

    @Test func takesWholeBodiesAndKeepsTheConnection() async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let responses = try await live.client().exchange(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                    + "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nHost: evil\r\n\r\n"
                    + "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET "
                    + Self.get("/healthz", "Connection: close\r\n"))
            #expect(responses.map(\.text) == ["hello", "abcde", "ignored", "ok"])
        }
    }

    @Test func takesRequestsByteByByte() async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let client = try live.client()
            let text =
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\n"
            for byte in text.utf8 { try await client.send([byte]) }
            #expect(RawResponse.all(in: try await client.receiveAll()).map(\.text) == ["abc"])
        }
    }

    /// H13: 100 only when the handler reads; too large a body is refused without it.
    @Test func continuesOnlyWhenTheBodyIsWanted() async throws {
        let router = LiveServer.router { router in
            router.on(.post, "/small") { .bytes(try await $0.body.collect(upTo: 10), contentType: "x/y") }
        }
        try await LiveServer.run(router) { live in
            let willing = try live.client()
            try await willing.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\nConnection: close\r\n\r\n"
            )
            #expect(try await willing.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await willing.send("ab")
            #expect(RawResponse.all(in: try await willing.receiveAll()).map(\.text) == ["ab"])
            let refused = try await live.client().exchange(
                "POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
            #expect(refused.map(\.status) == [413] && refused.first?.headers["connection"] == "close")
        }
    }

    /// H22: HEAD has GET's headers and no body, and the next answer is intact.
    @Test func answersHeadLikeGet() async throws {
        let router = LiveServer.router { router in
            router.on(.get, "/stream") { _ in Response(body: .stream(length: nil) { try await $0.write([1, 2, 3]) }) }
            router.on(.get, "/sized") { _ in Response(body: .stream(length: 3) { try await $0.write([1, 2, 3]) }) }
        }
        try await LiveServer.run(router) { live in
            for path in ["/healthz", "/hello/x", "/stream", "/sized", "/none"] {
                let client = try live.client()
                try await client.send(
                    Self.get(path) + "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\n"
                        + Self.get("/healthz", "Connection: close\r\n"))
                let responses = RawResponse.all(in: try await client.receiveAll(), heads: [1])
                try #require(responses.count == 3, "\(path)")
                #expect(
                    responses[0].headers.filter { $0.key != "date" } == responses[1].headers.filter { $0.key != "date" }
                )
                #expect(responses[0].status == responses[1].status && responses[2].text == "ok")
            }
        }
    }

    @Test func knowsHTTP10() async throws {
        let router = LiveServer.router { router in
            router.on(.get, "/stream") { _ in
                Response(
                    body: .stream(length: nil) { writer in
                        try await writer.write([97])
                        try await writer.write([98])
                    })
            }
        }
        try await LiveServer.run(router) { live in
            let once = try await live.client().exchange("GET /healthz HTTP/1.0\r\n\r\n")
            #expect(once.map(\.text) == ["ok"])
            let kept = try await live.client().exchange(
                "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                    + "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            )
            #expect(kept.map(\.text) == ["ok", "ab"] && kept.last?.headers["transfer-encoding"] == nil)
            #expect(kept.first?.headers["connection"] == "keep-alive" && kept.last?.headers["connection"] == "close")
        }
    }

    @Test func answersAClientThatHasFinishedSending() async throws {
        try await LiveServer.run(LiveServer.router()) { live in
            let client = try live.client()
            try await client.send(Self.get("/hello/a") + Self.get("/hello/b"))
            client.endSending()
            #expect(RawResponse.all(in: try await client.receiveAll()).map(\.text) == ["hello a", "hello b"])
        }
    }

    /// H09 and H15: the host is checked, and an absolute target outranks the header.
    @Test func answersOnlyForItsHosts() async throws {
        let policy = HostPolicy.local(machineNames: ["Box.Lan"])
        try await LiveServer.run(LiveServer.router(), hosts: policy) { live in
            for (host, status) in [
                ("localhost:80", 200), ("127.0.0.1", 200), ("[::1]:8080", 200), ("box.lan", 200), ("evil.example", 421),
                ("localhost.evil", 421),
            ] {
                let response = try await live.request(
                    "GET /healthz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                #expect(response?.status == status, "\(host)")
            }
            let absolute = try await live.request("GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(absolute?.status == 421)
        }
        #expect(
            HostPolicy.only(["a.example"]).allows("a.example") && !HostPolicy.only(["a.example"]).allows("127.0.0.1"))
    }

    @Test(arguments: [
        (["X-Forwarded-For: 8.8.8.8, 9.9.9.9"], "9.9.9.9 false x"),
        (["X-Forwarded-For: 8.8.8.8, 127.0.0.5"], "8.8.8.8 false x"),
        (["X-Forwarded-For: 8.8.8.8", "X-Forwarded-For: 1.1.1.1:99"], "1.1.1.1 false x"),
        (["X-Forwarded-For: evil"], "127.0.0.1 false x"),
        (["X-Forwarded-Proto: https", "X-Forwarded-Host: a.example:444"], "127.0.0.1 true a.example:444"),
        (["X-Forwarded-For: [2001:db8::1]"], "2001:db8::1 false x"), ([], "127.0.0.1 false x"),
    ])
    func believesOnlyTrustedProxies(fields: [String], expected: String) async throws {
        let router = LiveServer.router { router in
            router.direct(.get, "/who") { .text("\($0.client.address) \($0.isSecure) \($0.host)") }
        }
        let request = Self.get("/who", fields.map { $0 + "\r\n" }.joined() + "Connection: close\r\n")
        let proxies = [try #require(CIDR("127.0.0.0/8"))]
        let proxied = try await LiveServer.run(router, trusted: proxies) { try await $0.request(request) }
        #expect(proxied?.text == expected)
        let direct = try await LiveServer.run(router) { try await $0.request(request) }
        #expect(direct?.text == "127.0.0.1 false x")
    }

    @Test func neverWritesASecondHeaderLine() async throws {
        let router = LiveServer.router { router in
            router.direct(.get, "/inject") { request in
                let evil = request.query.first("t") ?? ""
                var response = Response.redirect(to: evil)
                response.headers[.contentDisposition] = evil
                response.set(SetCookie(name: "a", value: evil, isSecure: false))
                return response
            }
        }
        try await LiveServer.run(router) { live in
            let response = try await live.request(
                Self.get("/inject?t=a%0d%0aX-Evil:%20y%0d%0a%0d%0abody", "Connection: close\r\n"))
            #expect(response?.status == 303 && response?.headers["x-evil"] == nil && response?.body.isEmpty == true)
        }
    }
}
