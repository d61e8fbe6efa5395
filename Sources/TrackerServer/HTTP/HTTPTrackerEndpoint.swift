public import ByteCoding
import Metainfo
import TrackerWire

/// Answers `GET /announce` and `GET /scrape`: raw query in, bencoded body out, without waiting for anything.
///
/// The body goes out as `text/plain` with status 200, failures too, since clients show the sentence only then. Mount it
/// as direct routes of a web server:
/// ```swift
/// let endpoint = HTTPTrackerEndpoint(tracker: tracker)
/// let body = endpoint.announce(query: rawQuery, client: client, localAddress: arrivedAt, path: rawPath)
/// ```
public struct HTTPTrackerEndpoint: Sendable {
    private let logic: TrackerLogic
    private let metrics: TrackerMetrics

    /// The HTTP side of a tracker.
    public init(tracker: Tracker) {
        logic = tracker.logic
        metrics = tracker.metrics
    }

    /// The answer to an announce.
    ///
    /// - Parameters:
    ///   - query: what stands behind `?`, still encoded.
    ///   - client: where the request came from, after trusted proxies; only its address counts.
    ///   - localAddress: the address the connection came in on.
    ///   - path: the request's path, still encoded; a passkey may stand in it.
    public func announce(query: [UInt8], client: Endpoint, localAddress: IPAddress, path: [UInt8] = []) -> [UInt8] {
        let request: AnnounceRequest
        do {
            request = try HTTPAnnounce.parse(query: query)
        } catch {
            metrics.countHTTPAnnounce(isAnswered: false)
            return error.encoded()
        }
        var peers: [Endpoint] = []
        let result = logic.announce(
            request, from: client.address, at: localAddress, over: .http, url: url(path, query),
            now: logic.clock.seconds(), into: &peers)
        switch result {
        case .failure(let refusal):
            metrics.countHTTPAnnounce(isAnswered: false)
            return refusal.failure.encoded()
        case .success(let counts):
            metrics.countHTTPAnnounce(isAnswered: true)
            let answer = AnnounceAnswer(counts, policy: logic.policy, peers: peers, source: client.address)
            return HTTPAnnounce.encode(answer, for: request, family: AddressFamily(of: client.address))
        }
    }

    /// The answer to a scrape (BEP 48): the counts of those torrents that are tracked here. One without hashes is
    /// refused, since a full list would tell of unlisted torrents.
    ///
    /// - Parameters:
    ///   - query: what stands behind `?`, still encoded.
    ///   - client: where the request came from.
    ///   - path: the request's path, still encoded; a passkey may stand in it.
    public func scrape(query: [UInt8], client: Endpoint? = nil, path: [UInt8] = []) -> [UInt8] {
        if let refusal = logic.scrapeRefusal(url: url(path, query)) { return refusal.failure.encoded() }
        let request: ScrapeRequest
        do {
            request = try HTTPScrape.parse(query: query)
        } catch {
            return error.encoded()
        }
        let policy = logic.policy
        var files: [InfoHash: ScrapeCounts] = [:]
        for hash in request.infoHashes.prefix(policy.hashesPerScrape) { files[hash] = logic.scrape(hash) }
        metrics.countHTTPScrape()
        return HTTPScrape.encode(
            ScrapeAnswer(files: files, minRequestInterval: UInt32(clamping: policy.minimumInterval)))
    }

    /// What passkeys are looked for in; nothing is put together while none are needed.
    private func url(_ path: [UInt8], _ query: [UInt8]) -> [UInt8] {
        logic.passkeys.areNeeded ? path + [UInt8(ascii: "?")] + query : []
    }
}

extension AnnounceAnswer {
    init(_ counts: SwarmCounts, policy: TrackerPolicy, peers: [Endpoint], source: IPAddress) {
        self.init(
            interval: UInt32(clamping: policy.interval), minInterval: UInt32(clamping: policy.minimumInterval),
            seeders: UInt32(clamping: counts.seeders),
            leechers: UInt32(clamping: counts.leechers + counts.partialSeeds),
            downloaded: UInt32(clamping: counts.completed), peers: peers, externalIP: source)
    }
}
