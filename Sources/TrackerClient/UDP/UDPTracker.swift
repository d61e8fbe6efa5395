import ByteCoding
import Dialling
import Logging
import Metainfo
import TrackerWire

/// Speaks BEP 15 with any number of trackers through one socket per address family.
final class UDPTracker: Sendable {
    private let mailroom: UDPMailroom
    private let connections = UDPConnections()
    private let socket: DatagramSocket
    private let policy: RetryPolicy

    init(rules: DialRules, policy: RetryPolicy, logger: Logger) {
        let mailroom = UDPMailroom()
        self.mailroom = mailroom
        self.policy = policy
        socket = DatagramSocket(rules: rules, logger: logger) { source, bytes in mailroom.deliver(bytes, from: source) }
    }

    /// Announces at one address of a tracker; `url` is the path and query of its URL (BEP 41).
    func announce(
        _ request: AnnounceRequest, at endpoint: Endpoint, url: [UInt8], namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> AnnounceAnswer {
        let response = try await exchange(with: endpoint, namedFrom: scope) { connectionID, transactionID in
            var packet: [UInt8] = []
            UDPRequest.appendAnnounce(
                request, connectionID: connectionID, transactionID: transactionID, url: url, to: &packet)
            return packet
        }
        guard case .announce(_, let answer) = response else { throw Self.wrongAction }
        return answer
    }

    /// Scrapes at most 74 torrents; those that the tracker does not know count zero.
    func scrape(
        _ hashes: [InfoHash], at endpoint: Endpoint, namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> [InfoHash: ScrapeCounts] {
        let response = try await exchange(with: endpoint, namedFrom: scope) { connectionID, transactionID in
            var packet: [UInt8] = []
            UDPRequest.appendScrape(hashes, connectionID: connectionID, transactionID: transactionID, to: &packet)
            return packet
        }
        guard case .scrape(_, let counts) = response else { throw Self.wrongAction }
        return Dictionary(zip(hashes, counts), uniquingKeysWith: { first, _ in first })
    }

    func close() async { await socket.close() }

    private static let wrongAction = TrackerClientError.malformed("The tracker's answer is not of the kind asked for.")

    /// Asks until there is an answer, each time waiting twice as long; the connection is renewed whenever its id has
    /// grown old, and once more when the tracker no longer knows it.
    private func exchange(
        with endpoint: Endpoint, namedFrom scope: AddressScope, _ packet: @Sendable (UInt64, UInt32) -> [UInt8]
    ) async throws(TrackerClientError) -> UDPResponse {
        var number = 0
        var hasRenewed = false
        while number < policy.attempts, !Task.isCancelled {
            let wait = policy.wait(number)
            let known = connections.id(for: endpoint, now: .now)
            var connection = known
            if connection == nil { connection = try await connect(endpoint, scope, wait) }
            guard let id = connection else {
                number += 1
                continue
            }
            let answer = try await ask(endpoint, scope, wait) { packet(id, $0) }
            guard case .error(_, let message) = answer else {
                if let answer { return answer }
                number += 1
                continue
            }
            if known != nil, !hasRenewed, message.lowercased().contains("connection") {
                connections.forget(endpoint)
                hasRenewed = true
                continue
            }
            throw .refused(reason: message, retryIn: nil)
        }
        throw .timedOut
    }

    /// A fresh connection id; nil when the tracker does not answer in time.
    private func connect(
        _ endpoint: Endpoint, _ scope: AddressScope, _ wait: Duration
    ) async throws(TrackerClientError) -> UInt64? {
        let asked = ContinuousClock.now
        let answer = try await ask(endpoint, scope, wait) { transactionID in
            var packet: [UInt8] = []
            UDPRequest.appendConnect(transactionID: transactionID, to: &packet)
            return packet
        }
        switch answer {
        case .connect(_, let id):
            connections.keep(id, for: endpoint, askedAt: asked)
            return id
        case .error(_, let message): throw .refused(reason: message, retryIn: nil)
        case nil: return nil
        default: throw Self.wrongAction
        }
    }

    /// One datagram and its answer; nil when none comes in time.
    private func ask(
        _ endpoint: Endpoint, _ scope: AddressScope, _ wait: Duration, _ packet: (UInt32) -> [UInt8]
    ) async throws(TrackerClientError) -> UDPResponse? {
        let (transactionID, answers) = mailroom.open(to: endpoint)
        defer { mailroom.close(transactionID) }
        do {
            try await socket.send(packet(transactionID), to: endpoint, namedFrom: scope)
        } catch {
            throw TrackerClientError(error)
        }
        return await withTaskGroup(of: UDPResponse?.self) { group in
            group.addTask {
                for await answer in answers { return answer }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: wait)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}

extension TrackerClientError {
    /// What a failure to dial means.
    init(_ error: DialError) {
        switch error {
        case .refused: self = .forbidden
        case .unresolved(let name, let message): self = .unreachable("The name \(name) was not found: \(message).")
        case .unreachable(let message): self = .unreachable("The tracker was not reached: \(message).")
        }
    }
}
