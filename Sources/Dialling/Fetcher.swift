public import ByteCoding
public import Logging
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
    private let clients: PinnedClients
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
        guard let start = ServerURL(url) else { throw .badURL }
        let errand = Errand(limit: limit, timeout: timeout, range: range, family: family)
        let outcome = await withTaskGroup(of: Result<Fetched, FetchError>.self) { group in
            group.addTask { await self.follow(start, namedFrom: scope, errand) }
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

    /// What is the same for all requests of one fetch.
    private struct Errand: Sendable {
        let limit: Int
        let timeout: Duration
        let range: ClosedRange<Int64>?
        let family: DialFamily?
    }

    private func follow(
        _ start: ServerURL, namedFrom scope: AddressScope, _ errand: Errand
    ) async -> Result<Fetched, FetchError> {
        var url = start
        var scope = scope
        for redirects in 0...Self.maximumRedirects {
            let answer = await visit(url, by: redirects == 0 ? dialler : redirectDialler, namedFrom: scope, errand)
            guard case .success(let fetched) = answer, [301, 302, 303, 307, 308].contains(fetched.status) else {
                return answer
            }
            guard let next = fetched.headers["location"].flatMap({ url.following(location: $0) }),
                next.scheme == "https" || url.scheme == "http"
            else { return .failure(.badRedirect) }
            url = next
            scope = fetched.remote.scope
        }
        return .failure(.badRedirect)
    }

    /// Asks one URL: each of its checked addresses in turn, until one takes the connection.
    private func visit(
        _ url: ServerURL, by dialler: Dialler, namedFrom scope: AddressScope, _ errand: Errand
    ) async -> Result<Fetched, FetchError> {
        let endpoints: [Endpoint]
        do {
            endpoints = try await dialler.endpoints(host: url.host, port: url.port, namedFrom: scope)
        } catch {
            logger.debug("fetch refused", metadata: ["host": "\(url.host)", "reason": "\(error)"])
            return .failure(FetchError(error))
        }
        var last = FetchError.unresolved("the name has no address of the wanted family")
        for endpoint in endpoints.prefix(4)
        where errand.family == nil || errand.family == DialFamily(of: endpoint.address) {
            do {
                return .success(
                    try await clients.get(
                        url, at: endpoint.address, limit: errand.limit, timeout: errand.timeout, range: errand.range))
            } catch {
                last = error
                guard case .unreachable = error, !Task.isCancelled else { break }
            }
        }
        return .failure(last)
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
