import ByteCoding
import Logging
import Metainfo
import Synchronization
import TrackerClient
import TrackerWire

/// Announces one torrent to its trackers for as long as it is shared: `started`, then as often as each tracker asks,
/// `completed` when the download is whole, `paused` while it is a partial seed (BEP 21), `stopped` at the end.
///
/// `run` works until `stop` is called or its task is cancelled; `stop` sends the farewells.
final class TorrentAnnouncer: Sendable {
    /// What is called with peers a tracker named, the class of the address at which it was reached, and the hash of the
    /// swarm they are in.
    typealias Found = @Sendable (_ peers: [Endpoint], _ namedFrom: AddressScope, _ hash: InfoHash) -> Void
    typealias Clock = @Sendable () -> Duration

    private struct State {
        var schedule: AnnounceSchedule
        var isStopped = false
        var errands: Set<AnnounceSchedule.Errand> = []
    }

    /// The most announces of one torrent under way at once.
    private static let maximumErrands = 16
    private let client: TrackerClient
    private let identity: AnnouncerIdentity
    private let scope: AddressScope
    private let figures: @Sendable () async -> AnnounceFigures
    private let found: Found
    private let report: @Sendable (TrackerReport) -> Void
    private let logger: Logger
    private let now: Clock
    private let state: Mutex<State>
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - tiers: announce URLs, the first tier first; URLs that cannot be read are left out.
    ///   - hashes: of the swarms to announce: both of a hybrid.
    ///   - isPrivate: whether one tracker at a time is used (BEP 27).
    ///   - scope: the class of the address at which the one who named the trackers was reached.
    ///   - figures: gives what to tell; called before each announce.
    ///   - found: called with the peers of each answer, on any thread.
    ///   - report: called with what happens, on any thread.
    init(
        client: TrackerClient, tiers: [[String]], hashes: [InfoHash], isPrivate: Bool, identity: AnnouncerIdentity,
        namedFrom scope: AddressScope = .public, timing: AnnounceTiming = AnnounceTiming(),
        figures: @escaping @Sendable () async -> AnnounceFigures, found: @escaping Found,
        report: @escaping @Sendable (TrackerReport) -> Void, logger: Logger
    ) {
        self.client = client
        self.identity = identity
        self.scope = scope
        self.figures = figures
        self.found = found
        self.report = report
        self.logger = logger
        let start = ContinuousClock.now
        now = { ContinuousClock.now - start }
        var system = SystemRandomNumberGenerator()
        state = Mutex(
            State(
                schedule: AnnounceSchedule(
                    hashes: hashes, urls: tiers, isPrivate: isPrivate, timing: timing, seed: system.next())))
        (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// The announce URLs, in the order in which they are tried.
    var trackers: [String] { state.withLock { $0.schedule.trackers.map(\.url) } }

    /// Announces until `stop` is called or the task is cancelled. To be called once.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let (errands, next) = state.withLock { state in takeDue(&state) }
                guard let errands else { break }
                for errand in errands { group.addTask { await self.run(errand) } }
                await sleep(until: next)
            }
            group.cancelAll()
        }
    }

    /// The download is whole: the trackers that know us as a leecher hear of it.
    func completed() { change { $0.complete(now: now()) } }

    /// All that is wanted is there: the trackers that know us as a leecher hear that we are a partial seed.
    func becamePartialSeed() { change { $0.becomePartialSeed(now: now()) } }

    /// Peers are wanted: the trackers are asked again as soon as they allow.
    func hurry() { change { $0.hurry(now: now()) } }

    /// Other trackers instead of these; those that go are told `stopped`.
    func replaceTiers(_ tiers: [[String]]) {
        let farewells = state.withLock { $0.schedule.replace(tiers) }
        wake.yield()
        if !farewells.isEmpty { Task { await send(farewells, within: .seconds(5)) } }
    }

    /// Further trackers, after those there are.
    func addTiers(_ tiers: [[String]]) { change { $0.add(tiers) } }

    /// Ends `run`, and tells every tracker that may hold us `stopped`, before that `completed` where it has not heard
    /// that yet. Takes no longer than `limit`.
    func stop(within limit: Duration = .seconds(3)) async {
        let (owed, farewells) = state.withLock { state in
            state.isStopped = true
            return (state.schedule.owedCompletions, state.schedule.farewells())
        }
        wake.yield()
        await send(farewells, after: owed, within: limit)
    }

    private func change(_ change: (inout AnnounceSchedule) -> Void) {
        state.withLock { change(&$0.schedule) }
        wake.yield()
    }

    /// Nil when it is over.
    private func takeDue(_ state: inout State) -> (errands: [AnnounceSchedule.Errand]?, next: Duration?) {
        guard !state.isStopped else { return (nil, nil) }
        guard state.errands.count < Self.maximumErrands else { return ([], nil) }
        let errands = state.schedule.due(at: now())
        state.errands.formUnion(errands)
        return (errands, state.schedule.nextTime)
    }

    /// Sleeps until something is due or `wake` is called.
    private func sleep(until next: Duration?) async {
        let timer = next.map { next in
            Task {
                try? await Task.sleep(for: max(next - now(), .milliseconds(1)))
                if !Task.isCancelled { wake.yield() }
            }
        }
        for await _ in wakeUps { break }
        timer?.cancel()
    }

    private func run(_ errand: AnnounceSchedule.Errand) async {
        let figures = await figures()
        // After the last word there is none.
        guard !state.withLock({ $0.isStopped }) else { return }
        var event = errand.event
        // Said in every announce of a partial seed but the first and the last (BEP 21).
        if event == .none, figures.isPartialSeed { event = .paused }
        report(TrackerReport(url: errand.tracker.url, hash: errand.hash, news: .asking(event)))
        do throws(TrackerClientError) {
            let replies = try await client.replies(
                to: request(errand.hash, event, figures), from: errand.tracker, trackerID: errand.trackerID,
                namedFrom: scope)
            answered(errand, replies)
        } catch {
            failed(errand, error)
        }
        wake.yield()
    }

    private func answered(_ errand: AnnounceSchedule.Errand, _ replies: [TrackerReply]) {
        guard let answer = replies.joined else { return failed(errand, .timedOut) }
        let time = now()
        let (isSwitch, next) = state.withLock { state in
            state.errands.remove(errand)
            let isSwitch = state.schedule.answered(
                errand, interval: answer.interval, minimum: answer.minInterval, trackerID: answer.trackerID, now: time)
            return (isSwitch, state.schedule.swarms[errand.hash]?.tiers.time(of: errand.tracker))
        }
        let (url, hash) = (errand.tracker.url, errand.hash)
        if isSwitch { report(TrackerReport(url: url, hash: hash, news: .switched)) }
        let counts = TrackerCounts(
            seeders: answer.seeders, leechers: answer.leechers, peers: answer.peers.count,
            next: max((next ?? time) - time, .zero), warning: answer.warning)
        report(TrackerReport(url: url, hash: hash, news: .answered(counts)))
        for reply in replies where !reply.answer.peers.isEmpty { found(reply.answer.peers, reply.remote.scope, hash) }
    }

    private func failed(_ errand: AnnounceSchedule.Errand, _ error: TrackerClientError) {
        let (isOver, retryIn) = state.withLock { state in
            state.errands.remove(errand)
            return (state.isStopped, state.schedule.failed(errand, error, now: now()))
        }
        // Given up by ourselves, which says nothing about the tracker.
        guard !isOver, !Task.isCancelled else { return }
        logger.debug("announce failed", metadata: ["tracker": "\(errand.tracker)", "reason": "\(error)"])
        let news = TrackerReport.News.failed(words: error.description, retryIn: retryIn)
        report(TrackerReport(url: errand.tracker.url, hash: errand.hash, news: news))
    }

    /// All at once, each without repetition beyond what the client's policy has; late ones are given up. What a tracker
    /// is still to hear before is in `owed`.
    private func send(
        _ farewells: [AnnounceSchedule.Errand], after owed: [AnnounceSchedule.Errand] = [], within limit: Duration
    ) async {
        guard !farewells.isEmpty else { return }
        let figures = await figures()
        await withTaskGroup(of: Bool.self) { group in
            for farewell in farewells {
                let before = owed.filter { $0.hash == farewell.hash && $0.tracker == farewell.tracker }
                group.addTask {
                    for word in before + [farewell] { await self.say(word, figures) }
                    return false
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return true
            }
            var rest = farewells.count
            while rest > 0, let isLate = await group.next(), !isLate { rest -= 1 }
            group.cancelAll()
        }
    }

    private func say(_ word: AnnounceSchedule.Errand, _ figures: AnnounceFigures) async {
        guard !Task.isCancelled else { return }
        report(TrackerReport(url: word.tracker.url, hash: word.hash, news: .asking(word.event)))
        _ = try? await client.replies(
            to: request(word.hash, word.event, figures), from: word.tracker, trackerID: word.trackerID,
            namedFrom: scope)
    }

    private func request(
        _ hash: InfoHash, _ event: AnnounceEvent, _ figures: AnnounceFigures
    ) -> AnnounceRequest {
        AnnounceRequest(
            infoHash: hash, peerID: identity.peerID, port: identity.port, uploaded: figures.uploaded,
            downloaded: figures.downloaded, left: figures.left, event: event,
            numWant: event == .stopped ? 0 : figures.wantedPeers, key: identity.key)
    }
}
