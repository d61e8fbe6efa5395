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
            notice: saved ? "Saved. Every torrent that is downloaded from now on follows these settings." : nil)
    }
}

/// The settings as the form has them: texts, right or wrong.
struct SettingsForm {
    var siteName: String
    var isBitTorrentEnabled: Bool
    var trackerURLs: String
    /// In GiB.
    var uploadLimit: String

    /// The form of saved settings.
    init(_ settings: SiteSettings) {
        siteName = settings.siteName
        isBitTorrentEnabled = settings.bittorrentEnabled
        trackerURLs = settings.trackerTiers.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
        uploadLimit = Self.gibibytes(settings.uploadLimit)
    }

    /// The form that was posted.
    init(_ visit: Visit) {
        siteName = visit.field("site_name")
        isBitTorrentEnabled = !visit.field("bittorrent_enabled").isEmpty
        trackerURLs = visit.field("tracker_urls")
        uploadLimit = visit.field("upload_limit")
    }

    /// The changes that the form asks for.
    ///
    /// - Throws: `CatalogError` with the sentence of the field that is wrong.
    func changes() throws(CatalogError) -> SettingsChanges {
        guard let bytes = Self.bytes(uploadLimit) else {
            throw CatalogError(
                field: "upload_limit", sentence: "The largest upload is a number of GiB, such as 20 or 0.5.")
        }
        try checkTrackerLines()
        return try SettingsChanges(
            bittorrentEnabled: isBitTorrentEnabled, trackerTiers: try TrackerTiers(text: trackerURLs),
            uploadLimit: bytes, siteName: siteName)
    }

    /// Names the first line that is wrong, since there may be many.
    private func checkTrackerLines() throws(CatalogError) {
        for line in trackerURLs.split(whereSeparator: \.isNewline).prefix(200) {
            let url = String(line.drop(while: \.isWhitespace))
            guard !url.isEmpty else { continue }
            do {
                _ = try TrackerURL(url)
            } catch {
                throw CatalogError(field: error.field, sentence: "“\(url.prefix(100))”: \(error.sentence)")
            }
        }
    }

    private static func gibibytes(_ bytes: Int64) -> String {
        let gibi = Double(bytes) / Double(1 << 30)
        if gibi.rounded() == gibi { return String(Int(gibi)) }
        return String((gibi * 1_000_000).rounded() / 1_000_000)
    }

    private static func bytes(_ text: String) -> Int64? {
        let plain = text.split(whereSeparator: \.isWhitespace).joined().replacing(",", with: ".")
        guard plain.utf8.count <= 20, let gibi = Double(plain), gibi.isFinite, gibi > 0, gibi <= 1_000_000 else {
            return nil
        }
        return Int64((gibi * Double(1 << 30)).rounded())
    }
}

/// The page with the form, fresh or with what was wrong.
struct SettingsPage {
    let site: SiteContext

    func answer(
        _ visit: Visit, _ form: SettingsForm, notice: String? = nil, refusal: HTTPError? = nil
    ) async throws -> Response {
        let base = BaseURL(visit.request, addresses: site.addresses)
        return try await AdminPage(site: site, tab: .settings).answer(
            .adminSettings, title: "Settings", visit, notice: notice, refusal: refusal,
            [
                "form": [
                    "site_name": .text(form.siteName), "bittorrent_enabled": .flag(form.isBitTorrentEnabled),
                    "tracker_urls": .text(form.trackerURLs), "upload_limit": .text(form.uploadLimit),
                ],
                "own_trackers": .text("\(base.udpAnnounce)\n\n\(base.httpAnnounce)"),
            ])
    }
}
