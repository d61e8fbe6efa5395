import ByteCoding
import HTTPTypes
import HTTPWire
import Logging
import Synchronization
import WebServer

/// A real server on a free port of the loopback address, for the time of one closure.
struct LiveServer {
    let server: HTTPServer
    let port: Int

    static func run<Result>(
        _ router: Router, limits: ServerLimits = ServerLimits(), hosts: HostPolicy = .any, trusted: [CIDR] = [],
        _ body: (LiveServer) async throws -> Result
    ) async throws -> Result {
        let configuration = HTTPServerConfiguration(
            hosts: ["127.0.0.1"], port: 0, limits: limits, trustedProxies: trusted, allowedHosts: hosts)
        let server = HTTPServer(
            configuration: configuration, router: router,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            threads: threads)
        let port = try await server.start()
        do {
            let result = try await body(LiveServer(server: server, port: port))
            await server.shutdown()
            return result
        } catch {
            await server.shutdown()
            throw error
        }
    }

    private static let threads = ServerThreads(count: 2)

    func client(patience: Int = 20, receiveBuffer: CInt? = nil) throws -> RawClient {
        try RawClient(port: port, patience: patience, receiveBuffer: receiveBuffer)
    }

    /// One request on a connection of its own.
    func request(_ text: String) async throws -> RawResponse? {
        try await client().exchange(text).last
    }

    /// Whether the server still answers.
    func isAlive() async throws -> Bool {
        try await request("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?.status == 200
    }

    /// A router with the routes that many tests need.
    static func router(_ more: (inout Router) -> Void = { _ in }) -> Router {
        var router = Router()
        router.direct(.get, "/healthz") { _ in .text("ok") }
        router.on(.get, "/hello/{name}") { request in .text("hello \(request.parameters["name"] ?? "")") }
        router.on(.post, "/echo") { request in
            .bytes(try await request.body.collect(upTo: 10_000_000), contentType: "application/octet-stream")
        }
        router.on(.post, "/ignore") { _ in .text("ignored") }
        more(&router)
        return router
    }
}

/// Counts things that happen in handlers, and lets a test wait for them.
final class Tally: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }

    /// Waits until the count is reached; the test's own time limit ends it otherwise.
    func wait(for wanted: Int) async throws {
        while value < wanted { try await Task.sleep(for: .milliseconds(5)) }
    }
}
