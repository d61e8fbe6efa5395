import ByteCoding
import Metainfo
import Synchronization
import TrackerWire

/// The announce policy over the swarms, shared by both front ends.
final class TrackerLogic: Sendable {
    let configuration: TrackerConfiguration
    let clock: TrackerClock
    let store: SwarmStore
    let changes = ChangeHub()
    let leechers = LeecherFeed()
    let passkeys = Passkeys()
    let heads = ClientHeads()
    let log: AnnounceLog
    private let tags: ClientTags
    private let enabled = Atomic(true)
    private let policyCell: PolicyCell
    private let lifetime: Mutex<PeerLifetime>

    init(configuration: TrackerConfiguration, clock: TrackerClock) {
        self.configuration = configuration
        self.clock = clock
        store = SwarmStore(
            shards: configuration.shards, visitorLimit: configuration.isOpen ? configuration.swarmLimit : 0)
        log = AnnounceLog(clock: clock)
        tags = ClientTags(seed: configuration.tagSeed)
        policyCell = PolicyCell(configuration.policy)
        lifetime = Mutex(PeerLifetime(interval: configuration.policy.inRange.interval))
    }

    /// While false everything is refused.
    var isEnabled: Bool {
        get { enabled.load(ordering: .relaxed) }
        set { enabled.store(newValue, ordering: .relaxed) }
    }

    var policy: TrackerPolicy {
        get { policyCell.policy }
        set {
            policyCell.store(newValue)
            let now = clock.seconds()
            lifetime.withLock { $0.change(to: newValue.inRange.interval, now: now) }
        }
    }

    /// Seconds of silence after which a peer is gone.
    func lifetime(now: UInt32) -> UInt16 { lifetime.withLock { $0.seconds(now: now) } }

    /// Takes an announce in and appends the peers to hand out; allocates nothing while `peers` has room.
    ///
    /// - Parameters:
    ///   - source: where it came from. Only this address counts, whatever the request says; its port does not.
    ///   - localAddress: where it arrived.
    ///   - url: path and query of the tracker's URL; looked at only while `passkeys.areNeeded`.
    func announce(
        _ request: AnnounceRequest, from source: IPAddress, at localAddress: IPAddress,
        over transport: TrackerTransport, url: [UInt8] = [], now: UInt32, into peers: inout [Endpoint]
    ) -> Result<SwarmCounts, Refusal> {
        let policy = self.policy
        let before = peers.count
        let result = answer(request, source, localAddress, transport, url, policy, now, &peers)
        var refusal: Refusal?
        if case .failure(let reason) = result { refusal = reason }
        log.note(
            request, from: source, over: transport, now: now, given: peers.count - before, refusal: refusal,
            isKept: policy.logsAnnounces)
        return result
    }

    /// Why scrapes with such a URL are refused; nil when they are not.
    func scrapeRefusal(url: [UInt8]) -> Refusal? {
        guard isEnabled else { return .off }
        return passkeys.admit(url: url) ? nil : .unknownPasskey
    }

    /// What a scrape says of a torrent; nil for one that is not tracked.
    func scrape(_ hash: InfoHash) -> ScrapeCounts? {
        store.counts(hash).map { counts in
            ScrapeCounts(
                complete: UInt32(clamping: counts.seeders), downloaded: UInt32(clamping: counts.completed),
                incomplete: UInt32(clamping: counts.leechers + counts.partialSeeds),
                downloaders: UInt32(clamping: counts.leechers))
        }
    }

    /// One step of dropping silent peers; bounded, so call it often.
    func expire(now: UInt32) {
        let lifetime = lifetime(now: now)
        for hash in store.expire(now: now, lifetime: lifetime, budget: 16_384) { changes.note(hash) }
    }

    private func answer(
        _ request: AnnounceRequest, _ source: IPAddress, _ localAddress: IPAddress, _ transport: TrackerTransport,
        _ url: [UInt8], _ policy: TrackerPolicy, _ now: UInt32, _ peers: inout [Endpoint]
    ) -> Result<SwarmCounts, Refusal> {
        guard isEnabled else { return .failure(.off) }
        guard request.port > 0 else { return .failure(.badPort) }
        if passkeys.areNeeded, !passkeys.admit(url: url) { return .failure(.unknownPasskey) }
        let announcement = self.announcement(request, source, localAddress, transport, policy)
        switch store.announce(request.infoHash, announcement, SwarmTerms(policy, now: now), into: &peers) {
        case .refused(let refusal): return .failure(refusal)
        case .elsewhere: return .failure(.unregistered)
        case .answered(let hash, let counts, let hasChanged):
            if hasChanged { changes.note(hash) }
            if announcement.role == .leeching, counts.serverSeeding {
                leechers.tell(hash, Endpoint(address: source, port: request.port))
            }
            return .success(counts)
        }
    }

    private func announcement(
        _ request: AnnounceRequest, _ source: IPAddress, _ localAddress: IPAddress, _ transport: TrackerTransport,
        _ policy: TrackerPolicy
    ) -> Announcement {
        let role = Announcement.Role(request)
        // No number, or a negative one as in BEP 15, leaves it to the tracker.
        let wanted = request.numWant.flatMap { $0 < 0 ? nil : $0 } ?? policy.defaultPeersWanted
        return Announcement(
            address: source, port: request.port, scope: source.scope, peerTag: tags.peerTag(request),
            keyTag: tags.keyTag(request), client: heads.number(of: request.peerID.head), role: role,
            mayBePaused: transport == .udp && request.event == .none && role == .leeching, left: request.left,
            uploaded: CoarseCount.encode(request.uploaded),
            downloaded: CoarseCount.encode(request.downloaded),
            hasCompleted: request.event == .completed && request.left == 0,
            leavesComplete: request.event == .stopped && request.left == 0,
            wanted: role == .leaving ? 0 : min(wanted, policy.maximumPeersWanted),
            takesBothFamilies: transport == .http, localAddress: localAddress,
            mayLackMetadata: request.event == .started && request.left == 0 && request.downloaded == 0)
    }
}

extension Announcement.Role {
    fileprivate init(_ request: AnnounceRequest) {
        switch request.event {
        case .stopped: self = .leaving
        case _ where request.left == 0: self = .seeding
        case .paused: self = .partialSeeding
        case .none, .started, .completed: self = .leeching
        }
    }
}
