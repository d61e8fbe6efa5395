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
    private let enabled = Atomic(true)

    init(configuration: TrackerConfiguration, clock: TrackerClock) {
        self.configuration = configuration
        self.clock = clock
        store = SwarmStore(shards: configuration.shards, peersPerSwarm: configuration.peersPerSwarm)
    }

    /// While false everything is refused.
    var isEnabled: Bool {
        get { enabled.load(ordering: .relaxed) }
        set { enabled.store(newValue, ordering: .relaxed) }
    }

    /// Takes an announce in and appends the peers to hand out; allocates nothing while `peers` has room.
    ///
    /// - Parameters:
    ///   - source: where it came from. Only this address counts, whatever the request says; its port does not.
    ///   - localAddress: where it arrived.
    func announce(
        _ request: AnnounceRequest, from source: IPAddress, at localAddress: IPAddress,
        over transport: TrackerTransport,
        now: UInt32, into peers: inout [Endpoint]
    ) -> Result<SwarmCounts, Refusal> {
        guard isEnabled else { return .failure(.off) }
        guard request.port > 0 else { return .failure(.badPort) }
        let announcement = self.announcement(request, source, localAddress, transport)
        switch store.announce(request.infoHash, announcement, now: now, into: &peers) {
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
        for hash in store.expire(now: now, lifetime: configuration.lifetime, budget: 16_384) { changes.note(hash) }
    }

    private func announcement(
        _ request: AnnounceRequest, _ source: IPAddress, _ localAddress: IPAddress, _ transport: TrackerTransport
    ) -> Announcement {
        let role = Self.role(of: request)
        let wanted = request.numWant ?? configuration.defaultPeersWanted
        return Announcement(
            address: source, port: request.port, scope: source.scope,
            peerTag: UInt32(truncatingIfNeeded: request.peerID.hashValue),
            keyTag: Self.keyTag(request), role: role, hasCompleted: request.event == .completed && request.left == 0,
            leavesComplete: request.event == .stopped && request.left == 0,
            wanted: role == .leaving ? 0 : min(max(wanted, 0), configuration.maximumPeersWanted),
            takesBothFamilies: transport == .http, localAddress: localAddress,
            mayLackMetadata: request.event == .started && request.left == 0 && request.downloaded == 0)
    }

    private static func role(of request: AnnounceRequest) -> Announcement.Role {
        switch request.event {
        case .stopped: .leaving
        case _ where request.left == 0: .seeding
        case .paused: .partialSeeding
        case .none, .started, .completed: .leeching
        }
    }

    /// The key together with the port, which a client keeps across its addresses too: programs that send a constant for
    /// a key are not taken for one client.
    private static func keyTag(_ request: AnnounceRequest) -> UInt32 {
        guard let key = request.key, key != 0 else { return 0 }
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(request.port)
        return UInt32(truncatingIfNeeded: hasher.finalize()) | 1
    }
}
