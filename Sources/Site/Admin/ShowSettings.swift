import Catalog
import HTTPTypes
import HTTPWire
import WebServer

/// `GET /admin/settings`: what an admin changes while the site runs.
struct ShowSettings: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let settings = try await site.settings.current()
        let saved = visit.request.query.first("saved") == "1"
        return try await SettingsPage(site: site).answer(
            visit, SettingsForm(settings),
            notice: saved
                ? "Saved. Torrents that are downloaded and clients that announce from now on follow these settings."
                : nil)
    }
}

/// The page with the form, fresh or with what was wrong.
struct SettingsPage {
    let site: SiteContext

    func answer(
        _ visit: Visit, _ form: SettingsForm, notice: String? = nil, wrong: CatalogError? = nil
    ) async throws -> Response {
        let base = BaseURL(visit.request, addresses: site.addresses)
        return try await AdminPage(site: site, tab: .settings).answer(
            .adminSettings, title: "Settings", visit, notice: notice, refusal: wrong.flatMap { Refusal.answer(to: $0) },
            [
                "form": [
                    "site_name": .text(form.siteName), "bittorrent_enabled": .flag(form.isBitTorrentEnabled),
                    "tracker_urls": .text(form.trackerURLs), "upload_limit": .text(form.uploadLimit),
                    "tracker_log": .flag(form.tracker.logsAnnounces),
                    "super_seeding": .flag(form.peers.superSeeding),
                ],
                "wrong": [
                    "site_name": .flag(wrong?.field == "site_name"),
                    "tracker_urls": .flag(wrong?.field == "tracker_urls"),
                    "torrent_format": .flag(wrong?.field == TorrentFormatChoice.field),
                    "upload_limit": .flag(wrong?.field == "upload_limit"),
                    "tracker_hand_out": .flag(wrong?.field == "tracker_hand_out"),
                ],
                "formats": TorrentFormatChoice.options(selected: form.torrentFormat),
                "groups": form.tracker.groups(wrong: wrong?.field), "hand_outs": form.tracker.handOuts,
                "rates": form.peers.fields(wrong: wrong?.field),
                "own_trackers": .text("\(base.udpAnnounce)\n\n\(base.httpAnnounce)"),
            ])
    }
}
