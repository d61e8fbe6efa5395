import Catalog
import HTTPTypes
import Metainfo
import Store
import WebServer

/// The page, before and after a test.
struct ConnectivityPage {
    /// A torrent of ours that can be tried, and where clients are sent for it.
    struct Subject {
        let hash: InfoHash
        let title: String
        let links: ConnectivityLinks
    }

    /// Torrents looked at for one that is seeded now.
    private static let candidates = 50

    let site: SiteContext

    /// The newest torrent that this server seeds; nil while there is none, and while BitTorrent is off.
    func subject(_ visit: Visit) async throws -> Subject? {
        let settings = try await site.settings.current()
        let hashes = try await site.store.torrents.hashes(limit: Self.candidates)
        // Our own counts, not the fullest view: what matters is whether this server seeds.
        let seeded = hashes.filter { site.swarm.counts($0)?.serverSeeding ?? false }
        for hash in seeded + hashes.filter({ !seeded.contains($0) }) {
            guard let torrent = try await site.store.torrents.seedable(hash),
                let video = try await site.store.videos.showing(torrent.mediaID).first(where: { $0.state == .published }
                ),
                let links = TorrentLinks(video, site: site, settings: settings, request: visit.request)
            else { continue }
            return Subject(hash: hash, title: video.title, links: links.forTesting)
        }
        return nil
    }

    /// The page. `checks` is nil where nothing was tried.
    func answer(_ visit: Visit, checks: [ConnectivityCheck]?) async throws -> Response {
        let settings = try await site.settings.current()
        let subject = try await subject(visit)
        let evidence = await site.desk.evidence()
        let base = BaseURL(visit.request, addresses: site.addresses)
        return try await AdminPage(site: site, tab: .connectivity).answer(
            .adminConnectivity, title: "Connectivity", visit,
            [
                "is_off": .flag(!settings.bittorrentEnabled), "film": .optional(subject?.title),
                "host": .text(base.host), "has_public_url": .flag(site.addresses.publicURL != nil),
                "evidence": .list(EvidenceWords(evidence: evidence, addresses: site.addresses).values),
                "is_proven": .flag(evidence.lastInboundPeer != nil && evidence.lastAnnounce != nil),
                "checks": .list((checks ?? []).map(Self.line)), "is_tested": .flag(checks != nil),
                "verdict": .text(Self.verdict(checks ?? [])),
                "all_passed": .flag((checks ?? []).allSatisfy { $0.passed == true }),
            ])
    }

    private static func verdict(_ checks: [ConnectivityCheck]) -> String {
        let passed = checks.count { $0.passed == true }
        return passed == checks.count
            ? "All \(passed) ways were reached from this machine."
            : "\(passed) of \(checks.count) ways were reached from this machine."
    }

    private static func line(_ check: ConnectivityCheck) -> TemplateValue {
        [
            "name": .text(name(check.part)), "target": .text(TrackerWords.shown(check.target) ?? "–"),
            "state": check.passed == nil ? "not tried" : check.passed == true ? "works" : "fails",
            "is_good": .flag(check.passed == true), "is_off": .flag(check.passed == false),
            "sentence": .text(TrackerWords.shown(check.sentence) ?? ""),
            "time": .text(check.milliseconds.map { "\(ByteWords.grouped($0)) ms" } ?? "–"),
        ]
    }

    private static func name(_ part: ConnectivityCheck.Part) -> String {
        switch part {
        case .trackerUDP: "Tracker over UDP"
        case .trackerHTTP: "Tracker over HTTP"
        case .peerPort: "Peer port"
        case .magnet: "Magnet link"
        case .webSeed: "Web seed"
        }
    }
}
