import Catalog
import Publishing
import Store
import WebServer

/// `PATCH /api/v1/settings`: changes what is sent; answers with all settings.
struct PatchSettings: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        var body = try await JSONBody(visit.request)
        let isEnabled = try body.flag("bittorrent_enabled")
        let tiers = try body.lists("tracker_urls").map { try TrackerTiers(tiers: $0) }
        let format = try body.text(TorrentFormatChoice.field).map { try TorrentFormatChoice.format($0) }
        let limit = try body.number("upload_limit")
        let name = try body.text("site_name")
        let tracker = try TrackerPatch(&body)
        let peers = try PeerPatch(&body)
        try body.finish()
        // What the patch leaves out is what is stored now, which another node may have changed.
        let current = tracker.isEmpty && peers.isEmpty ? nil : try await site.store.settings.load()
        let changes = try SettingsChanges(
            bittorrentEnabled: isEnabled, trackerTiers: tiers, torrentFormat: format, uploadLimit: limit,
            siteName: name, tracker: try current.map { try tracker.applied(to: $0.tracker) },
            peers: current.map { peers.applied(to: $0.peers) })
        let settings = try await site.publisher.changeSettings(changes, by: try visit.user().id)
        site.settings.replace(with: settings)
        return .json(JSONText.encode(SettingsJSON(settings)))
    }
}
