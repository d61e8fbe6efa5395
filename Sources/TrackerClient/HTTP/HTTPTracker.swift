import ByteCoding
import Dialling
import Metainfo
import TrackerWire

/// Speaks BEP 3 and BEP 48 over HTTP and HTTPS.
struct HTTPTracker: Sendable {
    /// The most torrents one scrape names, so that its URL stays near 2,000 bytes, which every server takes.
    static let hashesPerScrape = 25

    let fetcher: Fetcher
    let timeout: Duration
    private let limits = TrackerAnswerLimits()

    init(fetcher: Fetcher, timeout: Duration) {
        self.fetcher = fetcher
        self.timeout = timeout
    }

    /// Announces over one address family, or over any.
    func announce(
        _ request: AnnounceRequest, to tracker: TrackerAddress, trackerID: [UInt8]?, family: DialFamily?,
        namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> TrackerReply {
        let url = Self.join(tracker.parts.text, HTTPAnnounce.query(for: request, trackerID: trackerID))
        let fetched = try await fetch(url, family: family, namedFrom: scope)
        do throws(TrackerFailure) {
            return TrackerReply(
                answer: try HTTPAnnounce.decode(answer: fetched.body, limits: limits), remote: fetched.remote)
        } catch {
            throw Self.error(error, fetched)
        }
    }

    /// Scrapes at most 25 torrents.
    func scrape(
        _ hashes: [InfoHash], at tracker: TrackerAddress, namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> ScrapeAnswer {
        guard let url = ScrapeURL.of(announce: tracker.parts.text) else {
            throw .malformed("The tracker's URL has no place for scrapes.")
        }
        let query = HTTPScrape.query(for: ScrapeRequest(infoHashes: hashes))
        let fetched = try await fetch(Self.join(url, query), family: nil, namedFrom: scope)
        do throws(TrackerFailure) {
            return try HTTPScrape.decode(answer: fetched.body, limits: limits)
        } catch {
            throw Self.error(error, fetched)
        }
    }

    private func fetch(
        _ url: String, family: DialFamily?, namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> Fetched {
        do {
            return try await fetcher.get(url, namedFrom: scope, limit: limits.bytes, timeout: timeout, family: family)
        } catch {
            throw TrackerClientError(error)
        }
    }

    /// A tracker's own failure is told in its words; what is no answer of a tracker, by its status.
    private static func error(_ failure: TrackerFailure, _ fetched: Fetched) -> TrackerClientError {
        if let own = TrackerFailure(answer: fetched.body) { return .refused(reason: own.reason, retryIn: own.retryIn) }
        if fetched.status != 200 { return .unreachable("The tracker answered with status \(fetched.status).") }
        return .malformed(failure.reason)
    }

    private static func join(_ url: String, _ query: String) -> String {
        url + (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + query
    }
}

extension TrackerClientError {
    /// What a failure to fetch means.
    fileprivate init(_ error: FetchError) {
        switch error {
        case .forbidden: self = .forbidden
        case .timedOut: self = .timedOut
        case .tooLarge, .encoded: self = .malformed("\(error)")
        default: self = .unreachable("\(error)")
        }
    }
}
