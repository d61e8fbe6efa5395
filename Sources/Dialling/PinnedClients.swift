import AsyncHTTPClient
import ByteCoding
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// HTTP clients that are each bound to one address of one host; few are kept, the longest unused one goes first.
final class PinnedClients: Sendable {
    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses = 0
        var isShut = false
    }

    private static let kept = 32
    private let authorities: String?
    private let state = Mutex(State())

    /// - Parameter authorities: A file of certificates to trust instead of the system's.
    init(authorities: String? = nil) { self.authorities = authorities }

    deinit { for entry in state.withLock({ $0.entries.values }) { Self.end(entry.client) } }

    /// GETs `url` from `address`, following nothing; `read` makes the answer from the head and the body as it comes.
    ///
    /// - Parameter headTimeout: How long it may take until the head is there, the connection included.
    func exchange<Answer: Sendable>(
        _ url: ServerURL, at address: IPAddress, headTimeout: Duration, range: ClosedRange<Int64>?,
        read: (PinnedHead, HTTPClientResponse.Body) async throws -> Answer
    ) async throws(FetchError) -> Answer {
        let key = Key(host: url.host, address: address)
        guard let client = take(key) else { throw .stopped }
        defer { giveBack(key) }
        do {
            let request = Self.request(url, range: range)
            let timeout = TimeAmount.nanoseconds(Int64(headTimeout / .nanoseconds(1)))
            let response = try await client.execute(request, timeout: timeout)
            var headers: [String: String] = [:]
            for (name, value) in response.headers where headers[name.lowercased()] == nil {
                headers[name.lowercased()] = value
            }
            guard ["", "identity"].contains(headers["content-encoding"]?.lowercased() ?? "") else {
                throw FetchError.encoded
            }
            // The status as a number is a member of a module that nothing here imports; its text begins with it.
            let status = Int("\(response.status)".prefix { $0 != " " }) ?? 0
            return try await read(PinnedHead(status: status, headers: headers), response.body)
        } catch {
            throw (error as? FetchError) ?? FetchError(failure: error)
        }
    }

    /// Shuts all clients down, those in use included.
    func shutdown() async {
        let clients = state.withLock { state in
            state.isShut = true
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try? await client.shutdown() }
    }

    private static func request(_ url: ServerURL, range: ClosedRange<Int64>?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url.text)
        request.headers = fields(range: range)
        return request
    }

    /// Generic, since the type of the fields belongs to a module that nothing here imports.
    private static func fields<Fields: ExpressibleByDictionaryLiteral>(range: ClosedRange<Int64>?) -> Fields
    where Fields.Key == String, Fields.Value == String {
        guard let range else {
            return ["User-Agent": "Reelswarm", "Accept": "*/*", "Accept-Encoding": "identity"]
        }
        return [
            "User-Agent": "Reelswarm", "Accept": "*/*", "Accept-Encoding": "identity",
            "Range": "bytes=\(range.lowerBound)-\(range.upperBound)",
        ]
    }

    private func take(_ key: Key) -> HTTPClient? {
        let (client, surplus) = state.withLock { state -> (HTTPClient?, HTTPClient?) in
            guard !state.isShut else { return (nil, nil) }
            state.uses += 1
            var surplus: HTTPClient?
            if state.entries[key] == nil, state.entries.count >= Self.kept {
                let oldest = state.entries.filter { $0.value.users == 0 }.min { $0.value.lastUse < $1.value.lastUse }
                if let oldest { surplus = state.entries.removeValue(forKey: oldest.key)?.client }
            }
            var entry = state.entries[key] ?? Entry(client: makeClient(host: key.host, address: key.address))
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return (entry.client, surplus)
        }
        if let surplus { Self.end(surplus) }
        return client
    }

    private func giveBack(_ key: Key) { state.withLock { $0.entries[key]?.users -= 1 } }

    private static func end(_ client: HTTPClient) { Task { try? await client.shutdown() } }

    private func makeClient(host: String, address: IPAddress) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)), proxy: nil,
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        if let authorities {
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.trustRoots = .file(authorities)
        }
        configuration.connectionPool.retryConnectionEstablishment = false
        // A literal host is connected to as it stands; a name is never looked up a second time.
        if IPAddress(host) == nil { configuration.dnsOverride = [host: address.description] }
        configuration.http1_1ConnectionDebugInitializer = { channel in
            guard channel.remoteAddress?.endpoint?.address == address else {
                return channel.eventLoop.makeFailedFuture(FetchError.forbidden(.unusableAddress))
            }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }
}

/// The beginning of an answer.
struct PinnedHead: Sendable {
    let status: Int
    /// With names in lower case; of equal names the first.
    let headers: [String: String]
}
