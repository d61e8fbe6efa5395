import ByteCoding
import Dialling
import Logging
import Metainfo
import Site
import Synchronization
import Testing
import TrackerClient
import TrackerServer
import TrackerWire

@testable import ReelswarmApp

/// The whole service against our own tracker on loopback, which here plays one of others.
@Suite(.timeLimit(.minutes(4))) struct OutsideTrackersServiceTests {
    private static let logger = Logger(label: "test")
    private static let hash = OutsideTrackersBoardTests.hash(1)

    /// A running service and what it told the seeder.
    private final class Setting: Sendable {
        let tracker: Tracker
        let service: OutsideTrackers
        let considered = Mutex<[Endpoint]>([])
        let url: String
        private let running = Mutex<Task<Void, Never>?>(nil)

        init(rules: DialRules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)) async throws {
            tracker = Tracker(configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: logger)
            tracker.allow(hash)
            url = "udp://127.0.0.1:\(try await tracker.start(port: 0))/announce"
            let named = Named()
            service = OutsideTrackers(
                client: TrackerClient(
                    rules: rules, policy: RetryPolicy(firstWait: .seconds(20), attempts: 1), logger: logger),
                peerID: PeerID(bytes: "-RS0100-123456789012".utf8)!, uploaded: { _ in 7 },
                consider: { endpoint, _, _ in named.all.withLock { $0.append(endpoint) } },
                pace: TrackerPace(shortestReading: .milliseconds(100)), logger: logger)
            self.named = named
        }

        private final class Named: Sendable { let all = Mutex<[Endpoint]>([]) }
        private let named: Named
        var peers: [Endpoint] { named.all.withLock { $0 } }

        func start() {
            let own = OwnTrackers(names: [], addresses: [], webPorts: [], udpPort: 1)
            service.listens(peerPort: 6_881, own: own)
            let service = service
            running.withLock { $0 = Task { try? await service.run() } }
        }

        func stop() async {
            let task = running.withLock { $0 }
            task?.cancel()
            await task?.value
            tracker.stop()
        }

        func until(_ isTrue: () -> Bool) async throws {
            while !isTrue() { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    @Test func announcesReadsCountsAndLeaves() async throws {
        let setting = try await Setting()
        let leecher = AnnounceRequest(
            infoHash: Self.hash, peerID: PeerID(bytes: "-XX0001-123456789012".utf8)!, port: 7_000, left: 5)
        _ = setting.tracker.announce(
            leecher, from: Endpoint("127.0.0.1:9")!, localAddress: IPAddress("127.0.0.1")!, transport: .http)
        setting.service.use(tiers: [[setting.url]])
        setting.service.seeding(Self.hash, true)
        setting.start()
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 1 }
        try await setting.until { setting.service.reports(Self.hash).first?.completed != nil }
        let report = try #require(setting.service.reports(Self.hash).first)
        #expect(report.url == setting.url && report.seeders == 1 && report.leechers == 1 && report.problem == nil)
        #expect(setting.peers.contains { $0.port == 7_000 })
        let state = try #require(setting.service.allStates().first)
        #expect(state.torrents == 1 && state.lastSuccess != nil && !state.isOurs)
        await setting.stop()
        #expect(setting.tracker.counts(Self.hash).seeders == 0)
    }

    @Test func changesTakeEffectAtOnce() async throws {
        let setting = try await Setting()
        setting.start()
        var changes = setting.service.changes().makeAsyncIterator()
        setting.service.seeding(Self.hash, true)
        #expect(await changes.next() == Self.hash)
        #expect(setting.service.board.withLock { $0.tiers.isEmpty })
        setting.service.use(tiers: [[setting.url]])
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 1 }
        #expect(setting.service.board.withLock { !$0.tiers.isEmpty })
        setting.service.use(tiers: [])
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 0 }
        setting.service.use(tiers: [[setting.url]])
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 1 }
        setting.service.seeding(Self.hash, false)
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 0 }
        await setting.stop()
    }

    /// At trackers of others the two hashes of a hybrid are two swarms (BEP 52).
    @Test func aHybridIsAnnouncedUnderBothHashes() async throws {
        let setting = try await Setting()
        let alias = OutsideTrackersBoardTests.hash(3)
        setting.tracker.allow(alias)
        setting.service.use(tiers: [[setting.url]])
        setting.service.seeding(Self.hash, true, alias: alias)
        setting.start()
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 1 }
        try await setting.until { setting.tracker.counts(alias).seeders == 1 }
        setting.service.seeding(Self.hash, false)
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 0 }
        try await setting.until { setting.tracker.counts(alias).seeders == 0 }
        await setting.stop()
    }

    /// An imported torrent stays in the swarm that it came from, whatever the settings name, and is never announced to
    /// ourselves.
    @Test func aTorrentIsAnnouncedWhereItCameFrom() async throws {
        let setting = try await Setting()
        let ours = "udp://127.0.0.1:1/announce"
        setting.service.seeding(Self.hash, true, others: [[ours], [setting.url, "gopher://x.example"]])
        #expect(setting.service.reports(Self.hash).isEmpty)
        setting.start()
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 1 }
        try await setting.until { setting.service.reports(Self.hash).first?.completed != nil }
        #expect(setting.service.reports(Self.hash).map(\.url) == [setting.url])
        #expect(setting.service.usesOwnTracker)
        setting.service.seeding(Self.hash, true, others: [])
        try await setting.until { setting.tracker.counts(Self.hash).seeders == 0 }
        await setting.stop()
    }

    @Test func innerTrackersThatATorrentCameWithAreForbidden() async throws {
        let setting = try await Setting(rules: .servers)
        setting.service.seeding(Self.hash, true, others: [[setting.url]])
        setting.start()
        try await setting.until { setting.service.reports(Self.hash).first?.problem != nil }
        #expect(setting.service.reports(Self.hash).first?.problem == TrackerClientError.forbidden.description)
        #expect(setting.tracker.counts(Self.hash).seeders == 0)
        await setting.stop()
    }

    @Test func problemsAreToldInTheTrackersWords() async throws {
        let setting = try await Setting()
        let unknown = OutsideTrackersBoardTests.hash(2)
        setting.service.use(tiers: [[setting.url]])
        setting.service.seeding(unknown, true)
        setting.start()
        try await setting.until { setting.service.reports(unknown).first?.problem != nil }
        let problem = try #require(setting.service.reports(unknown).first?.problem)
        #expect(setting.service.allStates().first?.problem == problem)
        await setting.stop()
    }

    /// HAZARDS section 3 item 28: without the operator's leave nothing on this machine is announced to.
    @Test func innerTrackersAreForbidden() async throws {
        let setting = try await Setting(rules: .servers)
        setting.service.use(tiers: [[setting.url]])
        setting.service.seeding(Self.hash, true)
        setting.start()
        try await setting.until { setting.service.reports(Self.hash).first?.problem != nil }
        #expect(setting.service.reports(Self.hash).first?.problem == TrackerClientError.forbidden.description)
        #expect(setting.tracker.counts(Self.hash).seeders == 0)
        await setting.stop()
    }

    @Test func ourOwnURLsAreNotAnnouncedTo() async throws {
        let setting = try await Setting()
        let port = try #require(TrackerAddress(setting.url)?.port)
        setting.service.use(tiers: [[setting.url, "not a url"]])
        setting.service.listens(
            peerPort: 6_881, own: OwnTrackers(names: [], addresses: [], webPorts: [], udpPort: port))
        #expect(setting.service.board.withLock { $0.tiers.isEmpty })
        let states = setting.service.allStates()
        #expect(states.map(\.isOurs) == [true, false] && states.last?.problem != nil)
        setting.start()
        await setting.stop()
    }
}
