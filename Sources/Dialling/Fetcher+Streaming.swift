import AsyncHTTPClient
import ByteCoding
import NIOCore
import Synchronization

extension Fetcher {
    /// GETs a target and hands the answer to `reader` as it comes; a body has no length limit of its own. Connections
    /// are kept open for the next fetch of the same host, except after a body that was not read to its end.
    ///
    /// Throws when there is no answer at all; the ending tells how the body of one went.
    ///
    /// - Parameter range: The bytes to ask for, both ends included; whether the server heeds it shows in the status.
    @discardableResult
    public func stream(
        _ target: FetchTarget, range: ClosedRange<Int64>? = nil, terms: StreamTerms = StreamTerms(),
        to reader: some StreamReader
    ) async throws(FetchError) -> StreamEnding {
        let silence = SilenceWatch()
        let outcome = await withTaskGroup(of: Result<StreamEnding, FetchError>?.self) { group in
            group.addTask {
                await self.follow(target) { target, address in
                    try await self.stream(target, at: address, range, terms, silence, reader)
                }
            }
            group.addTask {
                await silence.wait(limit: terms.silence)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            // The body has gone silent: what the cancelled exchange says about that is not the reason.
            let last = await group.next() ?? nil
            if case .success(.broken) = last { return .success(.broken(.timedOut)) }
            return last ?? .failure(.timedOut)
        }
        return try outcome.get()
    }

    private func stream(
        _ target: FetchTarget, at address: IPAddress, _ range: ClosedRange<Int64>?, _ terms: StreamTerms,
        _ silence: SilenceWatch, _ reader: some StreamReader
    ) async throws -> StreamEnding {
        if terms.refusesQueriesInside, address.scope != .public, target.url.target.utf8.contains(UInt8(ascii: "?")) {
            throw FetchError.forbidden(address.scope == .loopback ? .loopbackAddress : .privateAddress)
        }
        var redirect: FetchRedirect?
        let ending = try await clients.exchange(
            target.url, at: address, headTimeout: terms.headTimeout, range: range
        ) { head, body in
            guard !FetchRedirect.isMeant(by: head.status) else {
                redirect = FetchRedirect(location: head.headers["location"], remote: address)
                return StreamEnding.stopped
            }
            let head = FetchedHead(status: head.status, headers: head.headers, remote: address, target: target)
            guard reader.begin(head) else { return .stopped }
            defer { silence.pause() }
            do {
                silence.begin()
                for try await part in body {
                    silence.pause()
                    guard await reader.take(part) else { return .stopped }
                    silence.begin()
                }
                return .whole
            } catch {
                return .broken((error as? FetchError) ?? FetchError(failure: error))
            }
        }
        if let redirect { throw redirect }
        return ending
    }
}

/// Notices that a server is silent within a body. Time in which the reader holds the body up does not count.
private final class SilenceWatch: Sendable {
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)

    func begin() { waitingSince.withLock { $0 = .now } }

    func pause() { waitingSince.withLock { $0 = nil } }

    /// Returns when the server has been silent for `limit`, or the task is cancelled.
    func wait(limit: Duration) async {
        var next = ContinuousClock.now + limit
        while !Task.isCancelled {
            try? await Task.sleep(until: next)
            let now = ContinuousClock.now
            guard let since = waitingSince.withLock({ $0 }) else {
                next = now + limit
                continue
            }
            if now - since >= limit { return }
            next = since + limit
        }
    }
}
