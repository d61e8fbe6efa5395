import ByteCoding
import Dialling
import NIOCore
import Synchronization
import Testing

/// Bodies that are read as they come.
@Suite(.timeLimit(.minutes(1))) struct StreamingTests {
    /// Keeps what it is given; wants so many bytes and no more.
    private final class Keeper: StreamReader {
        private let state = Mutex((heads: [FetchedHead](), bytes: [UInt8]()))
        let wanted: Int

        init(wanted: Int = .max) { self.wanted = wanted }

        var heads: [FetchedHead] { state.withLock { $0.heads } }
        var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

        func begin(_ head: FetchedHead) -> Bool {
            state.withLock { $0.heads.append(head) }
            return wanted > 0
        }

        func take(_ part: ByteBuffer) async -> Bool {
            state.withLock { state in
                state.bytes += part.readableBytesView
                return state.bytes.count < wanted
            }
        }
    }

    private func target(_ url: String, from scope: AddressScope = .loopback) throws -> FetchTarget {
        try #require(FetchTarget(url, namedFrom: scope))
    }

    @Test func theBodyComesInPartsAndTheConnectionStays() async throws {
        try await FetcherTests.withServer { _ in
            CannedServer.ok("hello")
        } _: { server, fetcher in
            for _ in 0..<3 {
                let keeper = Keeper()
                let ending = try await fetcher.stream(try target("\(server.origin)/a"), range: 5...9, to: keeper)
                #expect(ending == .whole && keeper.text == "hello" && keeper.heads.map(\.status) == [200])
                #expect(keeper.heads.first?.remote == server.endpoint.address)
            }
            #expect(server.requests.allSatisfy { $0.lowercased().contains("range: bytes=5-9\r\n") })
        }
    }

    @Test func theReaderMayHaveEnough() async throws {
        try await FetcherTests.withServer { _ in
            CannedServer.ok("hello")
        } _: { server, fetcher in
            let none = Keeper(wanted: 0)
            let first = try await fetcher.stream(try target(server.origin), to: none)
            #expect(first == .stopped && none.text.isEmpty)
            let some = Keeper(wanted: 1)
            let second = try await fetcher.stream(try target(server.origin), to: some)
            #expect(second == .stopped && some.text == "hello")
        }
    }

    @Test func aBodyThatBreaksOffSaysSo() async throws {
        try await FetcherTests.withServer { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"
        } _: { server, fetcher in
            let keeper = Keeper()
            let terms = StreamTerms(silence: .milliseconds(200))
            let ending = try await fetcher.stream(try target(server.origin), terms: terms, to: keeper)
            #expect(ending == .broken(.timedOut) && keeper.text == "hello")
        }
    }

    @Test func aHeadThatDoesNotComeIsAFailure() async throws {
        try await FetcherTests.withServer { _ in
            ""
        } _: { server, fetcher in
            let terms = StreamTerms(headTimeout: .milliseconds(200))
            await #expect(throws: FetchError.timedOut) {
                try await fetcher.stream(try target(server.origin), terms: terms, to: Keeper())
            }
        }
    }

    @Test func redirectsAreRemembered() async throws {
        try await FetcherTests.withServer { head in
            head.hasPrefix("GET /a ") ? CannedServer.redirect(to: "/b") : CannedServer.ok("there")
        } _: { server, fetcher in
            let first = Keeper()
            try await fetcher.stream(try target("\(server.origin)/a"), to: first)
            let behind = try #require(first.heads.first?.target)
            #expect(first.text == "there" && behind.url.target == "/b" && first.heads.count == 1)
            try await fetcher.stream(behind, to: Keeper())
            #expect(server.requests.map { String($0.prefix(7)) } == ["GET /a ", "GET /b ", "GET /b "])
        }
    }

    @Test(arguments: ["http://10.0.0.1/", "ftp://h.example/", "//169.254.169.254/", "/a"])
    func redirectsAstrayAreNotFollowed(location: String) async throws {
        try await FetcherTests.withServer { _ in
            CannedServer.redirect(to: location)
        } _: { server, fetcher in
            let keeper = Keeper()
            await #expect(throws: FetchError.self) {
                try await fetcher.stream(try target("\(server.origin)/a"), to: keeper)
            }
            #expect(keeper.heads.isEmpty)
        }
    }

    /// HAZARDS S16: the server inside hears nothing of what strangers name, nor of queries.
    @Test func innerServersAreGuarded() async throws {
        try await FetcherTests.withServer { _ in
            CannedServer.ok("x")
        } _: { server, fetcher in
            await #expect(throws: FetchError.forbidden(.loopbackAddress)) {
                try await fetcher.stream(try target(server.origin, from: .public), to: Keeper())
            }
            await #expect(throws: FetchError.forbidden(.loopbackAddress)) {
                try await fetcher.stream(try target("\(server.origin)/x?reboot=1"), to: Keeper())
            }
            #expect(server.requests.isEmpty && FetchTarget("file:///etc/passwd", namedFrom: .loopback) == nil)
        }
    }

    @Test func aCancelledReaderEndsTheFetch() async throws {
        try await FetcherTests.withServer { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"
        } _: { server, fetcher in
            let target = try target(server.origin)
            let keeper = Keeper()
            let task = Task { try await fetcher.stream(target, to: keeper) }
            while keeper.text.isEmpty { await Task.yield() }
            task.cancel()
            guard case .broken = try await task.value else { return #expect(Bool(false)) }
        }
    }
}
