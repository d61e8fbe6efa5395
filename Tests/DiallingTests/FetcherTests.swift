import ByteCoding
import Dialling
import Logging
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct FetcherTests {
    static let logger = Logger(label: "test")

    /// Runs with a server and a fetcher, and ends both.
    static func withServer(
        rules: DialRules = .servers, _ answer: @escaping @Sendable (String) -> String,
        _ act: (CannedServer, Fetcher) async throws -> Void
    ) async throws {
        let server = try await CannedServer(answer)
        let fetcher = Fetcher(rules: rules, logger: logger)
        do {
            try await act(server, fetcher)
        } catch {
            await fetcher.shutdown()
            await server.close()
            throw error
        }
        await fetcher.shutdown()
        await server.close()
    }

    static func get(
        _ url: String, by fetcher: Fetcher, from scope: AddressScope = .loopback, limit: Int = 1_000,
        range: ClosedRange<Int64>? = nil
    ) async throws -> Fetched {
        try await fetcher.get(url, namedFrom: scope, limit: limit, timeout: .seconds(20), range: range)
    }

    @Test func fetchesABodyWithItsFields() async throws {
        try await Self.withServer { _ in
            CannedServer.ok("hello", "X-Kind: a\r\nx-kind: b\r\n")
        } _: { server, fetcher in
            let fetched = try await Self.get("\(server.origin)/a?b=%41", by: fetcher)
            #expect(fetched.status == 200 && fetched.body == Array("hello".utf8))
            #expect(fetched.headers["x-kind"] == "a" && fetched.remote == server.endpoint.address)
            let head = try #require(server.requests.first?.lowercased())
            #expect(head.hasPrefix("get /a?b=%41 http/1.1\r\n"))
            #expect(head.contains("host: \(server.endpoint)\r\n") && head.contains("accept-encoding: identity\r\n"))
            #expect(!head.contains("cookie:") && !head.contains("range:"))
        }
    }

    @Test func rangesAreAskedFor() async throws {
        try await Self.withServer { _ in
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-5/9\r\nContent-Length: 4\r\n\r\nabcd"
        } _: { server, fetcher in
            let fetched = try await Self.get(server.origin, by: fetcher, range: 2...5)
            #expect(fetched.status == 206 && fetched.headers["content-range"] == "bytes 2-5/9")
            #expect(server.requests.first?.lowercased().contains("range: bytes=2-5\r\n") == true)
        }
    }

    /// The name is resolved here and checked; the request carries the name all the same.
    @Test func namesStayInTheHostField() async throws {
        try await Self.withServer { _ in
            CannedServer.ok("x")
        } _: { server, fetcher in
            let fetched = try await Self.get("http://LocalHost:\(server.endpoint.port)/", by: fetcher)
            #expect(fetched.remote.scope == .loopback)
            let head = try #require(server.requests.first?.lowercased())
            #expect(head.contains("host: localhost:\(server.endpoint.port)\r\n"))
        }
    }

    /// HAZARDS S16, section 3 item 28: however the inner address is written, the canary hears nothing.
    @Test(arguments: [
        "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::]", "[::1]",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "localhost", "localhost.", "LOCALHOST", "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fc00::1]", "[fe80::1]", "\u{ff11}27.0.0.1", "127\u{3002}0.0.1",
        "user@127.0.0.1", "example.com@127.0.0.1",
    ]) func innerAddressesAreNeverReached(host: String) async throws {
        try await Self.withServer { _ in
            CannedServer.ok("secret")
        } _: { server, fetcher in
            await #expect(throws: FetchError.self) {
                try await fetcher.get(
                    "http://\(host):\(server.endpoint.port)/", limit: 1_000, timeout: .seconds(20))
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func operatorsMayAllowTheirOwnNetwork() async throws {
        let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)
        try await Self.withServer(rules: rules) { _ in
            CannedServer.ok("x")
        } _: { server, fetcher in
            let fetched = try await Self.get(server.origin, by: fetcher, from: .public)
            #expect(fetched.status == 200)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func redirectsAreFollowed(status: Int) async throws {
        try await Self.withServer { head in
            head.hasPrefix("GET /new") ? CannedServer.ok("there") : CannedServer.redirect(to: "/new?x", status: status)
        } _: { server, fetcher in
            let fetched = try await Self.get("\(server.origin)/old", by: fetcher)
            #expect(fetched.body == Array("there".utf8))
            #expect(server.requests.count == 2)
        }
    }

    /// Whoever redirects has to be of the reach of what it redirects to: not even the operator's leave changes that.
    @Test(arguments: ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://0.0.0.0/", "http://[fd00::1]/"])
    func redirectsAreCheckedAgain(target: String) async throws {
        for isAllowed in [false, true] {
            let rules = DialRules(allowsPrivateAddresses: isAllowed, lowestPort: 1)
            try await Self.withServer(rules: rules) { _ in
                CannedServer.redirect(to: target)
            } _: { server, fetcher in
                let error = await #expect(throws: FetchError.self) { try await Self.get(server.origin, by: fetcher) }
                guard case .forbidden? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test(arguments: ["ftp://a.example/", "file:///etc/passwd", "javascript:x", "http://user@a.example/", "/a b"])
    func redirectsToWhatIsNoURLEnd(target: String) async throws {
        try await Self.withServer { _ in
            CannedServer.redirect(to: target)
        } _: { server, fetcher in
            await #expect(throws: FetchError.badRedirect) { try await Self.get(server.origin, by: fetcher) }
            #expect(server.requests.count == 1)
        }
    }

    @Test func redirectsEndAfterThree() async throws {
        try await Self.withServer { _ in
            CannedServer.redirect(to: "/again")
        } _: { server, fetcher in
            await #expect(throws: FetchError.badRedirect) { try await Self.get(server.origin, by: fetcher) }
            #expect(server.requests.count == 1 + Fetcher.maximumRedirects)
        }
    }

    @Test func largeBodiesAreCutOff() async throws {
        try await Self.withServer { _ in
            CannedServer.ok(String(repeating: "x", count: 1_001))
        } _: { server, fetcher in
            await #expect(throws: FetchError.tooLarge) { try await Self.get(server.origin, by: fetcher) }
            let fetched = try await Self.get(server.origin, by: fetcher, limit: 1_001)
            #expect(fetched.body.count == 1_001)
        }
    }

    @Test func endlessBodiesAreCutOff() async throws {
        try await Self.withServer { _ in
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + String(repeating: "400\r\n\(String(repeating: "x", count: 1_024))\r\n", count: 50)
        } _: { server, fetcher in
            await #expect(throws: FetchError.tooLarge) { try await Self.get(server.origin, by: fetcher, limit: 9_000) }
        }
    }

    /// A bomb stays packed: what was not asked for is not unpacked.
    @Test(arguments: ["gzip", "deflate", "br"]) func compressedBodiesAreRefused(coding: String) async throws {
        try await Self.withServer { _ in
            CannedServer.ok("xxxx", "Content-Encoding: \(coding)\r\n")
        } _: { server, fetcher in
            await #expect(throws: FetchError.encoded) { try await Self.get(server.origin, by: fetcher) }
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"]) func silenceEnds(answer: String)
        async throws
    {
        try await Self.withServer { _ in
            answer
        } _: { server, fetcher in
            await #expect(throws: FetchError.timedOut) {
                try await fetcher.get(
                    server.origin, namedFrom: .loopback, limit: 100, timeout: .milliseconds(200))
            }
        }
    }

    @Test(arguments: ["not http\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"]) func brokenAnswersAreErrors(answer: String)
        async throws
    {
        try await Self.withServer { _ in
            answer
        } _: { server, fetcher in
            await #expect(throws: FetchError.self) { try await Self.get(server.origin, by: fetcher) }
        }
    }

    @Test func closedPortsAreUnreachable() async throws {
        try await Self.withServer { _ in
            ""
        } _: { server, fetcher in
            await server.close()
            let error = await #expect(throws: FetchError.self) { try await Self.get(server.origin, by: fetcher) }
            #expect(error == .unreachable("Connection refused"))
        }
    }

    @Test func afterShutdownNothingIsFetched() async throws {
        try await Self.withServer { _ in
            CannedServer.ok("x")
        } _: { server, fetcher in
            await fetcher.shutdown()
            await #expect(throws: FetchError.stopped) { try await Self.get(server.origin, by: fetcher) }
            #expect(server.requests.isEmpty)
        }
    }

    /// Cookies are neither kept nor sent, and a connection is used again.
    @Test func nothingIsRemembered() async throws {
        try await Self.withServer { _ in
            CannedServer.ok("x", "Set-Cookie: a=b\r\n")
        } _: { server, fetcher in
            for _ in 0..<3 { _ = try await Self.get(server.origin, by: fetcher) }
            #expect(server.requests.count == 3)
            #expect(!server.requests.contains { $0.lowercased().contains("cookie") })
        }
    }

    @Test func onlyTheWantedFamilyIsUsed() async throws {
        try await Self.withServer { _ in
            CannedServer.ok("x")
        } _: { server, fetcher in
            await #expect(throws: FetchError.self) {
                try await fetcher.get(
                    server.origin, namedFrom: .loopback, limit: 9, timeout: .seconds(9), family: .ipv6)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["", "ftp://a.example/", "http://", "http://a b/"]) func badURLsAreNotFetched(url: String) async {
        let fetcher = Fetcher(logger: Self.logger)
        await #expect(throws: FetchError.badURL) { try await fetcher.get(url, limit: 1, timeout: .seconds(1)) }
        await fetcher.shutdown()
    }
}
