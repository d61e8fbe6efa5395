import Catalog
import Publishing
import WebServer

/// `PATCH /api/v1/settings`: changes what is sent; answers with all settings.
struct PatchSettings: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        var body = try await JSONBody(visit.request)
        let isEnabled = try body.flag("bittorrent_enabled")
        let tiers = try body.lists("tracker_urls").map { try TrackerTiers(tiers: $0) }
        let limit = try body.number("upload_limit")
        let name = try body.text("site_name")
        try body.finish()
        let changes = try SettingsChanges(
            bittorrentEnabled: isEnabled, trackerTiers: tiers, uploadLimit: limit, siteName: name)
        let settings = try await site.publisher.changeSettings(changes, by: try visit.user().id)
        site.settings.replace(with: settings)
        return .json(JSONText.encode(SettingsJSON(settings)))
    }
}
