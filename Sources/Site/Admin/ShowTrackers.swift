import Catalog
import WebServer

/// `GET /admin/trackers`: how our own tracker and the configured outside ones do.
struct ShowTrackers: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let settings = try await site.settings.current()
        let base = BaseURL(visit.request, addresses: site.addresses)
        let states = states(settings)
        let figures = site.desk.tracked()
        return try await AdminPage(site: site, tab: .trackers).answer(
            .adminTrackers, title: "Trackers", visit,
            [
                "is_off": .flag(!settings.bittorrentEnabled), "uses_own": .flag(site.swarm.usesOwnTracker()),
                "figures": .list([
                    ["name": "Torrents", "value": .text(ByteWords.grouped(figures.torrents))],
                    ["name": "Seeders", "value": .text(ByteWords.grouped(figures.seeders))],
                    ["name": "Leechers", "value": .text(ByteWords.grouped(figures.leechers))],
                    ["name": "Addresses", "value": .text(ByteWords.grouped(figures.addresses))],
                    ["name": "Announces a second", "value": .text(Self.rate(figures.announcesPerSecond))],
                ]),
                "own": .list([.text(base.udpAnnounce), .text(base.httpAnnounce)]),
                "trackers": .list(states.map(Self.line)), "has_trackers": .flag(!states.isEmpty),
            ])
    }

    /// One state for each configured URL, in the order of the settings; a URL that was just added was not asked yet.
    private func states(_ settings: SiteSettings) -> [TrackerState] {
        let known = Dictionary(
            site.desk.outsideTrackers().map { ($0.url, $0) }, uniquingKeysWith: { first, _ in first })
        return settings.trackerTiers.flatMap(\.self).map { known[$0] ?? TrackerState(url: $0) }
    }

    private static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond > 0 else { return "0" }
        return perSecond < 10 ? ByteWords.oneDecimal(perSecond) : ByteWords.grouped(Int(min(perSecond, 1e12)))
    }

    private static func line(_ state: TrackerState) -> TemplateValue {
        let fails = state.lastFailure.map { failure in state.lastSuccess.map { failure < $0 } ?? true } ?? false
        let word = state.isOurs ? "ours" : fails ? "fails" : state.lastSuccess == nil ? "not asked yet" : "works"
        return [
            "url": .text(state.url), "state": .text(word), "is_off": .flag(fails && !state.isOurs),
            "is_ours": .flag(state.isOurs), "torrents": .text(ByteWords.grouped(state.torrents)),
            "success": .text(AgeWords.ago(state.lastSuccess)), "failure": .text(AgeWords.ago(state.lastFailure)),
            "words": .optional(TrackerWords.shown(state.problem)), "next": .text(AgeWords.ahead(state.nextAttempt)),
        ]
    }
}
