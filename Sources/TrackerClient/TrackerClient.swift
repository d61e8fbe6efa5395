public import ByteCoding
public import Dialling
public import Logging
public import Metainfo
public import TrackerWire

/// Announces to trackers of others and scrapes them, over UDP, HTTP and HTTPS (BEP 3, 7, 12, 15, 31, 41, 48).
///
/// All addresses are checked before anything is sent. It has to be ended with `shutdown()`.
public final class TrackerClient: Sendable {
    private let dialler: Dialler
    private let fetcher: Fetcher
    private let udp: UDPTracker
    private let http: HTTPTracker
    private let policy: RetryPolicy
    private let silent = SilentEndpoints()

    /// - Parameters:
    ///   - rules: What may be reached. Private addresses are reached where the rules say so, or where whoever named the
    ///     tracker was itself reached at such an address.
    ///   - policy: How long to wait.
    public init(rules: DialRules = .servers, policy: RetryPolicy = RetryPolicy(), logger: Logger) {
        self.policy = policy
        dialler = Dialler(rules: rules, logger: logger)
        fetcher = Fetcher(rules: rules, logger: logger)
        udp = UDPTracker(rules: rules, policy: policy, logger: logger)
        http = HTTPTracker(fetcher: fetcher, timeout: policy.fetchTimeout)
    }

    /// Announces over every address family the tracker has and joins the answers: the highest counts, all peers, the
    /// shortest interval. Throws when none answered.
    public func announce(
        _ request: AnnounceRequest, to tracker: TrackerAddress, trackerID: [UInt8]? = nil,
        namedFrom scope: AddressScope = .public
    ) async throws(TrackerClientError) -> AnnounceAnswer {
        let replies = try await replies(to: request, from: tracker, trackerID: trackerID, namedFrom: scope)
        guard let joined = replies.joined else { throw .timedOut }
        return joined
    }

    /// Announces over every address family the tracker has (BEP 7); one answer of each that answered, at least one.
    ///
    /// - Parameters:
    ///   - trackerID: what the tracker's last answer named so, over HTTP.
    ///   - scope: the class of the address at which the one who named the tracker was reached.
    public func replies(
        to request: AnnounceRequest, from tracker: TrackerAddress, trackerID: [UInt8]? = nil,
        namedFrom scope: AddressScope = .public
    ) async throws(TrackerClientError) -> [TrackerReply] {
        let endpoints = try await endpoints(of: tracker, namedFrom: scope)
        let outcome = await FirstAndRest.gather(
            silent.oneOfEachFamily(endpoints, now: .now), grace: min(policy.firstWait, .seconds(5))
        ) { endpoint in
            await self.reply(to: request, from: tracker, trackerID: trackerID, at: endpoint, namedFrom: scope)
        }
        for (endpoint, result) in outcome {
            let answers: Bool? = if case .success = result { true } else { nil }
            silent.note(endpoint, answers: answers ?? (result == nil || result == .failure(.timedOut) ? false : nil))
        }
        let replies = outcome.compactMap { try? $0.result?.get() }
        guard replies.isEmpty else { return replies }
        for case .failure(let error)? in outcome.map(\.result) { throw error }
        throw .timedOut
    }

    /// The counts of torrents at a tracker; those it does not know are left out, or zero over UDP. More than fit into
    /// one request are asked for one request after the other.
    public func scrape(
        _ hashes: [InfoHash], at tracker: TrackerAddress
    ) async throws(TrackerClientError) -> [InfoHash: ScrapeCounts] {
        try await scrapeAnswer(hashes, at: tracker).files
    }

    /// As `scrape`, with what the tracker says about when to come back.
    public func scrapeAnswer(
        _ hashes: [InfoHash], at tracker: TrackerAddress
    ) async throws(TrackerClientError) -> ScrapeAnswer {
        var whole = ScrapeAnswer(files: [:])
        var rest = hashes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Self.hashesPerScrape(tracker)))
            rest = rest.dropFirst(part.count)
            let answer = try await scrapePart(part, at: tracker)
            let wanted = Set(part)
            // A tracker that tells of torrents nobody asked for is not believed about them.
            for (hash, counts) in answer.files where wanted.contains(hash) { whole.files[hash] = counts }
            whole.minRequestInterval = max(whole.minRequestInterval ?? 0, answer.minRequestInterval ?? 0)
        }
        if whole.minRequestInterval == 0 { whole.minRequestInterval = nil }
        return whole
    }

    /// How many torrents one scrape request to a tracker names at most: 74 over UDP, 25 over HTTP.
    public static func hashesPerScrape(_ tracker: TrackerAddress) -> Int {
        tracker.scheme == .udp ? ScrapeRequest.maximumHashes : HTTPTracker.hashesPerScrape
    }

    /// Closes sockets and connections; exchanges under way fail.
    public func shutdown() async {
        await udp.close()
        await fetcher.shutdown()
    }

    private func endpoints(
        of tracker: TrackerAddress, namedFrom scope: AddressScope
    ) async throws(TrackerClientError) -> [Endpoint] {
        do {
            return try await dialler.endpoints(host: tracker.host, port: tracker.port, namedFrom: scope)
        } catch {
            throw TrackerClientError(error)
        }
    }

    private func reply(
        to request: AnnounceRequest, from tracker: TrackerAddress, trackerID: [UInt8]?, at endpoint: Endpoint,
        namedFrom scope: AddressScope
    ) async -> Result<TrackerReply, TrackerClientError> {
        do throws(TrackerClientError) {
            guard tracker.scheme == .udp else {
                let reply = try await http.announce(
                    request, to: tracker, trackerID: trackerID, family: DialFamily(of: endpoint.address),
                    namedFrom: scope)
                return .success(reply.cleaned)
            }
            let answer = try await udp.announce(
                request, at: endpoint, url: Array(tracker.path.utf8), namedFrom: scope)
            return .success(TrackerReply(answer: answer, remote: endpoint.address).cleaned)
        } catch {
            return .failure(error.cleaned)
        }
    }

    private func scrapePart(
        _ hashes: [InfoHash], at tracker: TrackerAddress
    ) async throws(TrackerClientError) -> ScrapeAnswer {
        do throws(TrackerClientError) {
            guard tracker.scheme == .udp else { return try await http.scrape(hashes, at: tracker, namedFrom: .public) }
            let endpoints = try await endpoints(of: tracker, namedFrom: .public)
            guard let endpoint = silent.without(endpoints, now: .now).first else { throw .timedOut }
            return ScrapeAnswer(files: try await udp.scrape(hashes, at: endpoint, namedFrom: .public))
        } catch {
            throw error.cleaned
        }
    }
}

extension TrackerReply {
    /// The reply with its words made fit to be shown.
    fileprivate var cleaned: TrackerReply {
        var answer = answer
        answer.warning = answer.warning.map(TrackerWords.cleaned)
        return TrackerReply(answer: answer, remote: remote)
    }
}

extension TrackerClientError {
    /// The error with its words made fit to be shown.
    fileprivate var cleaned: TrackerClientError {
        switch self {
        case .refused(let reason, let retryIn):
            let words = TrackerWords.cleaned(reason)
            return .refused(reason: words.isEmpty ? "The tracker refused without a reason." : words, retryIn: retryIn)
        case .unreachable(let text): return .unreachable(TrackerWords.cleaned(text))
        case .malformed(let text): return .malformed(TrackerWords.cleaned(text))
        case .forbidden, .timedOut: return self
        }
    }
}
