import Catalog
import Logging
import Metainfo
import Site
import TrackerServer

/// Joins tracker, seeder and the announcer to outside trackers to what the admin pages ask.
final class TrackerDeskAdapter: TrackerDesk {
    private let tracker: Tracker
    private let lastInboundPeer: @Sendable () async -> Int?
    private let outsideStates: @Sendable () -> [TrackerState]
    private let keeper = EvidenceKeeper()
    private let logger: Logger

    /// - Parameters:
    ///   - lastInboundPeer: seconds since a peer with a public address connected to the seeder; nil for none.
    ///   - outsideStates: how each configured announce URL does.
    init(
        tracker: Tracker, lastInboundPeer: @escaping @Sendable () async -> Int?,
        outsideStates: @escaping @Sendable () -> [TrackerState], logger: Logger
    ) {
        self.tracker = tracker
        self.lastInboundPeer = lastInboundPeer
        self.outsideStates = outsideStates
        self.logger = logger
    }

    func announces(_ filter: AnnounceLineFilter, limit: Int) -> [AnnounceLine] {
        tracker.announces(matching: AnnounceFilter(filter), limit: limit).map(AnnounceLine.init)
    }

    func evidence() async -> ReachEvidence {
        let announce = tracker.evidence.lastPublicAnnounce
        return keeper.judged(
            ReachEvidence(
                lastInboundPeer: await lastInboundPeer(), lastAnnounce: announce?.seconds,
                lastTransport: announce.map { AnnounceLine.Transport($0.transport) }))
    }

    func testConnectivity(_ torrent: InfoHash, links: ConnectivityLinks) async -> [ConnectivityCheck] {
        // What is known so far, before our own connections hide it.
        _ = await evidence()
        let number = keeper.begin()
        let checks = await ConnectivityTest(hash: torrent, links: links, logger: logger).run()
        keeper.end(number)
        logger.info(
            "connectivity tested",
            metadata: ["failed": "\(checks.filter { $0.passed != true }.map(\.part.rawValue).joined(separator: " "))"])
        return checks
    }

    func outsideTrackers() -> [TrackerState] { outsideStates() }

    func tracked() -> TrackerFigures {
        let totals = tracker.totals()
        return TrackerFigures(
            torrents: totals.torrents, seeders: totals.seeders, leechers: totals.leechers, addresses: totals.addresses,
            announcesPerSecond: tracker.evidence.announcesPerSecond)
    }
}

extension AnnounceFilter {
    fileprivate init(_ filter: AnnounceLineFilter) {
        let transport: TrackerTransport? =
            switch filter.transport {
            case .udp: .udp
            case .http: .http
            case nil: nil
            }
        self.init(
            hash: filter.hash, act: filter.act.flatMap { AnnounceAct(rawValue: $0.rawValue) },
            text: filter.text.isEmpty ? nil : filter.text, transport: transport)
    }
}

extension AnnounceLine {
    fileprivate init(_ record: AnnounceRecord) {
        self.init(
            at: Timestamp(seconds: Int64(exactly: record.at.rounded(.down)) ?? 0), hash: record.hash,
            endpoint: record.endpoint, client: record.client,
            act: AnnounceLine.Act(rawValue: record.act.rawValue) ?? .update,
            transport: AnnounceLine.Transport(record.transport), uploaded: record.uploaded,
            downloaded: record.downloaded, left: record.left, given: record.given, refusal: record.refusal)
    }
}

extension AnnounceLine.Transport {
    fileprivate init(_ transport: TrackerTransport) {
        self = transport == .udp ? .udp : .http
    }
}
