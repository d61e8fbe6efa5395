import Catalog
import Store
import WebServer

/// `GET /admin`: how the site and its swarms do.
struct ShowDashboard: Act {
    /// Torrents that are counted together at most.
    private static let countedTorrents = 1000

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let videos = try await site.store.videos.all(page: 1, perPage: 1).total
        let stored = try await site.store.media.totalSize()
        let torrents = try await site.store.torrents.seedable(after: nil, limit: Self.countedTorrents)
        let jobs = try await site.store.jobs.counts()
        let audit = try await site.store.audit.list(page: 1, perPage: 20).items
        let settings = try await site.settings.current()
        let counts = torrents.map { site.counts($0.infoHash) }
        let sent = torrents.reduce(UInt64(0)) { $0 &+ site.swarm.uploaded($1.infoHash) }
        let base = BaseURL(visit.request, addresses: site.addresses)
        return try await AdminPage(site: site, tab: .dashboard).answer(
            .adminDashboard, title: "Administration", visit,
            [
                "figures": Self.pairs([
                    ("Videos", ByteWords.grouped(videos)), ("Stored", ByteWords.decimal(stored)),
                    ("Seeders now", ByteWords.grouped(counts.reduce(0) { $0 + $1.seeders })),
                    ("Leechers now", ByteWords.grouped(counts.reduce(0) { $0 + $1.leechers })),
                    ("Sent by us", ByteWords.decimal(sent)),
                ]),
                "facts": Self.pairs([
                    ("Version", site.probes.version), ("BitTorrent", settings.bittorrentEnabled ? "on" : "off"),
                    (
                        "Trackers in torrents",
                        TorrentLinks.tiers(settings, base).flatMap(\.self).joined(separator: "  ")
                    ),
                    ("Seeder's port", String(site.addresses.peerPort)),
                    ("Jobs waiting", String(jobs.pending)), ("Jobs given up", String(jobs.failed)),
                ]),
                "audit": .list(audit.map(Self.line)), "has_audit": .flag(!audit.isEmpty),
            ])
    }

    private static func pairs(_ pairs: [(String, String)]) -> TemplateValue {
        .list(pairs.map { ["name": .text($0.0), "value": .text($0.1)] })
    }

    private static func line(_ entry: AuditEntry) -> TemplateValue {
        let actions = [
            "video.takedown": "Taken down", "video.restore": "Restored", "video.delete": "Deleted",
            "settings.change": "Settings changed",
        ]
        return [
            "action": .text(actions[entry.action] ?? entry.action), "user": .text(entry.byName ?? "the server"),
            "video": .text(entry.video.map { "No. \($0)" } ?? "–"), "time": .text("\(entry.at)"),
            "reason": .text(entry.reason),
        ]
    }
}
