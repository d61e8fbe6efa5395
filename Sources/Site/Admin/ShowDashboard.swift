import Catalog
import Store
import WebServer

/// `GET /admin`: how the site and its swarms do.
struct ShowDashboard: Act {
    /// Torrents whose sent bytes are summed at most.
    private static let countedTorrents = 1000

    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let jobs = try await site.store.jobs.counts()
        let audit = try await site.store.audit.list(page: 1, perPage: 20).items
        let settings = try await site.settings.current()
        let tracked = site.desk.tracked()
        let troubled = site.desk.outsideTrackers().filter { !$0.isOurs && $0.problem != nil }
        let history =
            settings.bittorrentEnabled
            ? await site.history(of: nil, for: visit.request.query, at: "/admin") : .nothing
        return try await AdminPage(site: site, tab: .dashboard).answer(
            .adminDashboard, title: "Administration", visit,
            [
                "figures": Self.pairs(try await figures(tracked)),
                "facts": Self.pairs([
                    ("Version", site.probes.version), ("BitTorrent", settings.bittorrentEnabled ? "on" : "off"),
                    ("Trackers in torrents", trackers(settings, visit)),
                    ("Addresses in swarms", ByteWords.grouped(tracked.addresses)),
                    ("Announces", "\(Self.rate(tracked.announcesPerSecond)) a second"),
                    ("Seeder's port", String(site.addresses.peerPort)),
                    ("Jobs waiting", String(jobs.pending)), ("Jobs given up", String(jobs.failed)),
                ]),
                "troubled": .list(troubled.map(Self.trouble)), "history": history,
                "audit": .list(audit.map(Self.line)), "has_audit": .flag(!audit.isEmpty),
            ])
    }

    private func figures(_ tracked: TrackerFigures) async throws -> [(String, String)] {
        let videos = try await site.store.videos.all(page: 1, perPage: 1).total
        let stored = try await site.store.media.totalSize()
        let torrents = try await site.store.torrents.seedable(after: nil, limit: Self.countedTorrents)
        let sent = torrents.reduce(UInt64(0)) { $0 &+ site.swarm.uploaded($1.infoHash) }
        return [
            ("Videos", ByteWords.grouped(videos)), ("Stored", ByteWords.decimal(stored)),
            ("Torrents tracked", ByteWords.grouped(tracked.torrents)),
            ("Seeders now", ByteWords.grouped(tracked.seeders)), ("Leechers now", ByteWords.grouped(tracked.leechers)),
            ("Sent by us", ByteWords.decimal(sent)),
        ]
    }

    private func trackers(_ settings: SiteSettings, _ visit: Visit) -> String {
        let base = BaseURL(visit.request, addresses: site.addresses)
        return TorrentLinks.tiers(settings, base).flatMap(\.self).joined(separator: ", ")
    }

    private static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond > 0 else { return "0" }
        return perSecond < 10 ? ByteWords.oneDecimal(perSecond) : ByteWords.grouped(Int(min(perSecond, 1e15).rounded()))
    }

    private static func pairs(_ pairs: [(String, String)]) -> TemplateValue {
        .list(pairs.map { ["name": .text($0.0), "value": .text($0.1)] })
    }

    private static func trouble(_ state: TrackerState) -> TemplateValue {
        [
            "name": .text(TrackerReportWords.name(state.url)), "problem": .optional(TrackerWords.shown(state.problem)),
            "next": .text(AgeWords.ahead(state.nextAttempt)),
        ]
    }

    private static func line(_ entry: AuditEntry) -> TemplateValue {
        let actions = [
            "video.takedown": "Taken down", "video.restore": "Restored", "video.delete": "Deleted",
            "settings.change": "Settings changed",
        ]
        return [
            "action": .text(actions[entry.action] ?? entry.action), "user": .text(entry.byName ?? "the server"),
            "video": .text(entry.videoTitle ?? entry.video.map { "No. \($0)" } ?? "–"),
            "page": .optional(entry.videoSlug.map { VideoPaths($0).page }),
            "at": .text("\(entry.at)"), "time": .text("\(TimeWords.day(entry.at)), \(TimeWords.minute(entry.at))"),
            "reason": .text(entry.reason),
        ]
    }
}
