import AsyncHTTPClient
public import ByteCoding
public import Logging
import NIOCore
import NIOPosix

/// Fetches over HTTP and HTTPS what outsiders name, without being led into the own network (SSRF).
///
/// Every name is looked up here, every address checked, and the connection made to the checked address while `Host` and
/// the name in TLS stay those of the URL. Redirects are followed at most three times and checked like the first URL,
/// only harder: whoever redirects has to be of the same reach as what it redirects to, whatever the operator allows.
/// There are no cookies, no proxies from the environment, no decompression. It has to be ended with `shutdown()`.
public final class Fetcher: Sendable {
    /// The most redirects that are followed.
    public static let maximumRedirects = 3

    private let workers = NIOThreadPool(numberOfThreads: 2)
    private let dialler: Dialler
    private let redirectDialler: Dialler
    let clients: PinnedClients
    private let logger: Logger

    /// - Parameter rules: What may be reached.
    public convenience init(rules: DialRules = .servers, logger: Logger) {
        self.init(rules: rules, authorities: nil, logger: logger)
    }

    /// - Parameter authorities: A file of certificates to trust instead of the system's.
    init(rules: DialRules, authorities: String?, logger: Logger) {
        self.logger = logger
        clients = PinnedClients(authorities: authorities)
        workers.start()
        dialler = Dialler(rules: rules, workers: workers, logger: logger)
        redirectDialler = Dialler(
            rules: DialRules(allowsPrivateAddresses: false, lowestPort: rules.lowestPort), workers: workers,
            logger: logger)
    }

    deinit { workers.shutdownGracefully { _ in } }

    /// GETs a URL.
    ///
    /// - Parameters:
    ///   - scope: The class of the address at which the one who named the URL was reached.
    ///   - limit: The largest body, in bytes.
    ///   - timeout: How long everything may take, redirects included.
    ///   - range: The bytes to ask for, both ends included; whether the server heeds it shows in the status.
    ///   - family: Only addresses of this family are used; nil takes any.
    public func get(
        _ url: String, namedFrom scope: AddressScope = .public, limit: Int, timeout: Duration,
        range: ClosedRange<Int64>? = nil, family: DialFamily? = nil
    ) async throws(FetchError) -> Fetched {
        guard let start = FetchTarget(url, namedFrom: scope) else { throw .badURL }
        let outcome = await withTaskGroup(of: Result<Fetched, FetchError>.self) { group in
            group.addTask {
                await self.follow(start, family: family) { target, address in
                    try await self.collect(target, at: address, limit: limit, timeout: timeout, range: range)
                }
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .failure(.timedOut)
            }
            let first = await group.next() ?? .failure(.timedOut)
            group.cancelAll()
            return first
        }
        return try outcome.get()
    }

    /// Ends all requests and connections; what is fetched afterwards fails with `stopped`.
    public func shutdown() async { await clients.shutdown() }

    /// Visits a target and what it redirects to. `visit` asks one checked address and throws `FetchRedirect` when it is
    /// sent elsewhere.
    func follow<Answer: Sendable>(
        _ start: FetchTarget, family: DialFamily? = nil,
        _ visit: @Sendable (FetchTarget, IPAddress) async throws -> Answer
    ) async -> Result<Answer, FetchError> {
        var target = start
        for _ in 0...Self.maximumRedirects {
            do {
                return .success(try await self.visit(target, family: family, visit))
            } catch let redirect as FetchRedirect {
                guard let next = redirect.location.flatMap({ target.url.following(location: $0) }),
                    next.scheme == "https" || target.url.scheme == "http"
                else { return .failure(.badRedirect) }
                target = FetchTarget(url: next, scope: redirect.remote.scope, isRedirected: true)
            } catch {
                return .failure((error as? FetchError) ?? FetchError(failure: error))
            }
        }
        return .failure(.badRedirect)
    }

    /// Asks one URL: each of its checked addresses in turn, until one takes the connection.
    private func visit<Answer: Sendable>(
        _ target: FetchTarget, family: DialFamily?, _ visit: (FetchTarget, IPAddress) async throws -> Answer
    ) async throws -> Answer {
        let url = target.url
        let endpoints: [Endpoint]
        do {
            let dialler = target.isRedirected ? redirectDialler : dialler
            endpoints = try await dialler.endpoints(host: url.host, port: url.port, namedFrom: target.scope)
        } catch {
            logger.debug("fetch refused", metadata: ["host": "\(url.host)", "reason": "\(error)"])
            throw FetchError(error)
        }
        var last = FetchError.unresolved("the name has no address of the wanted family")
        for endpoint in endpoints.prefix(4) where family == nil || family == DialFamily(of: endpoint.address) {
            do {
                return try await visit(target, endpoint.address)
            } catch let error as FetchError {
                last = error
                guard case .unreachable = error, !Task.isCancelled else { break }
            }
        }
        throw last
    }

    private func collect(
        _ target: FetchTarget, at address: IPAddress, limit: Int, timeout: Duration, range: ClosedRange<Int64>?
    ) async throws -> Fetched {
        try await clients.exchange(target.url, at: address, headTimeout: timeout, range: range) { head, body in
            var bytes: [UInt8] = []
            for try await part in body {
                guard part.readableBytes <= limit - bytes.count else { throw FetchError.tooLarge }
                bytes += part.readableBytesView
            }
            return Fetched(status: head.status, headers: head.headers, body: bytes, remote: address)
        }
        .orRedirect()
    }
}

extension FetchError {
    fileprivate init(_ error: DialError) {
        switch error {
        case .refused(let refusal): self = .forbidden(refusal)
        case .unresolved(_, let message): self = .unresolved(message)
        case .unreachable(let message): self = .unreachable(message)
        }
    }
}
