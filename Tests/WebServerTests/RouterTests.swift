import ByteCoding
import HTTPTypes
import Testing
import WebServer

@Suite struct RouterTests {
    static let router: Router = {
        var router = Router()
        for pattern in [
            "/", "/videos/{slug}", "/videos/{slug}.torrent", "/videos/new", "/videos/{slug}/clip.{format}",
            "/videos/{slug}/clip",
            "/videos/{slug}/media", "/videos/{slug}/media/{info.name}", "/videos/{slug}/media/", "/assets/{path...}",
            "/a/{x}/c",
            "/a/b/{y}",
        ] {
            router.on(.get, pattern) { request in
                .text(
                    pattern + " "
                        + ["slug", "format", "info.name", "path", "x", "y"].map { request.parameters[$0] ?? "-" }
                        .joined(separator: ","))
            }
        }
        router.on(.post, "/videos/{slug}") { _ in .text("posted") }
        router.direct(.delete, "/videos/new") { _ in .text("deleted") }
        return router
    }()

    static func respond(_ method: HTTPRequest.Method, _ target: String) async throws -> Response {
        let endpoint = try #require(Endpoint("127.0.0.1:1"))
        return await router.respond(
            to: try Request(method: method, target: target, client: endpoint, localAddress: endpoint))
    }

    static func text(_ response: Response) -> String {
        if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    @Test(arguments: [
        ("/", "/ -,-,-,-,-,-"), ("/videos/x", "/videos/{slug} x,-,-,-,-,-"), ("/videos/new", "/videos/new -,-,-,-,-,-"),
        ("/videos/x.torrent", "/videos/{slug}.torrent x,-,-,-,-,-"),
        ("/videos/.torrent", "/videos/{slug} .torrent,-,-,-,-,-"),
        ("/videos/x/clip.mp4?start=1", "/videos/{slug}/clip.{format} x,mp4,-,-,-,-"),
        ("/videos/x/clip", "/videos/{slug}/clip x,-,-,-,-,-"),
        ("/videos/x/media/a%20b.mp4", "/videos/{slug}/media/{info.name} x,-,a b.mp4,-,-,-"),
        ("/videos/x/media/", "/videos/{slug}/media/ x,-,-,-,-,-"),
        ("/assets/js/app.js", "/assets/{path...} -,-,-,js/app.js,-,-"),
        ("/a/b/c", "/a/b/{y} -,-,-,-,-,c"), ("/a/z/c", "/a/{x}/c -,-,-,-,z,-"),
        ("/videos/a%2Fb", "/videos/{slug} a/b,-,-,-,-,-"),
        ("/videos//x/../y", "/videos/{slug} y,-,-,-,-,-"),
    ])
    func picksTheMostLiteral(target: String, expected: String) async throws {
        #expect(Self.text(try await Self.respond(.get, target)) == expected)
    }

    @Test(arguments: ["/none", "/videos", "/videos/", "/videos/x/", "/videos/x/clip.", "/a/b"])
    func answers404(target: String) async throws {
        #expect(try await Self.respond(.get, target).status == .notFound)
    }

    @Test func answers405WithAllow() async throws {
        let response = try await Self.respond(.put, "/videos/new")
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "DELETE, GET, HEAD, POST")
        #expect(try await Self.respond(.trace, "/none").status == .methodNotAllowed)
        // A less literal pattern answers a method that the most literal one does not have.
        #expect(Self.text(try await Self.respond(.post, "/videos/new")) == "posted")
        #expect(try await Self.respond(.options, "/videos/x").headers[.allow] == "GET, HEAD, POST")
    }

    struct Stamp: Middleware {
        let text: String
        func handle(_ request: Request, next: nonisolated(nonsending) @Sendable (Request) async throws -> Response)
            async throws -> Response
        {
            var request = request
            request[StampKey.self] = (request[StampKey.self] ?? "") + text
            var response = try await next(request)
            response.headers.append(HTTPField(name: .via, value: text))
            return response
        }
    }

    struct StampKey: RequestAttribute {
        typealias Value = String
    }

    @Test func runsMiddlewareOutsideIn() async throws {
        var router = Router()
        router.use(Stamp(text: "a"))
        router.use(Stamp(text: "b"))
        router.on(.get, "/") { .text($0[StampKey.self] ?? "") }
        router.on(.get, "/fails") { _ in throw HTTPError.badRequest("no") }
        router.on(.get, "/traps") { _ in throw ClientFailure(what: "secret", code: 1) }
        router.errorRenderer = { error, _ in .text(error.code, status: error.status) }
        let endpoint = try #require(Endpoint("127.0.0.1:1"))
        func respond(_ target: String) async throws -> Response {
            await router.respond(to: try Request(target: target, client: endpoint, localAddress: endpoint))
        }
        #expect(Self.text(try await respond("/")) == "ab")
        #expect(try await respond("/").headers[values: .via] == ["b", "a"])
        let failure = try await respond("/fails")
        #expect(
            failure.status == .badRequest && Self.text(failure) == "bad_request"
                && failure.headers[values: .via] == ["b", "a"])
        let hidden = try await respond("/traps")
        #expect(hidden.status == .internalServerError && Self.text(hidden) == "internal_error")
        #expect(try await respond("/none").headers[values: .via] == ["b", "a"])
    }

    @Test func addsSecurityHeaders() async throws {
        var router = Router()
        router.use(SecurityHeaders())
        router.on(.get, "/") { _ in
            Response(headers: [.contentSecurityPolicy: "mine"])
        }
        let endpoint = try #require(Endpoint("127.0.0.1:1"))
        let response = await router.respond(to: try Request(client: endpoint, localAddress: endpoint, isSecure: true))
        #expect(response.headers[.contentSecurityPolicy] == "mine")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.strictTransportSecurity] != nil)
    }

    @Test(arguments: [
        (400, "Bad Request"), (413, "Content Too Large"), (422, "Unprocessable Content"), (507, "Insufficient Storage"),
        (299, ""),
    ])
    func wordsStatusesMadeFromNumbers(code: Int, phrase: String) {
        let error = HTTPError(HTTPResponse.Status(code: code), code: "x", message: "X.")
        #expect(error.status.reasonPhrase == phrase)
        let own = HTTPError(.init(code: code, reasonPhrase: "Own"), code: "x", message: "X.")
        #expect(own.status.reasonPhrase == "Own")
    }
}
