import Catalog

/// The settings as the API shows them.
struct SettingsJSON: Encodable {
    private enum CodingKeys: String, CodingKey {
        case bittorrentEnabled = "bittorrent_enabled"
        case trackerURLs = "tracker_urls"
        case uploadLimit = "upload_limit"
        case siteName = "site_name"
    }

    let bittorrentEnabled: Bool
    /// Tiers of URLs; none means this site's own tracker.
    let trackerURLs: [[String]]
    /// Bytes.
    let uploadLimit: Int64
    let siteName: String

    init(_ settings: SiteSettings) {
        bittorrentEnabled = settings.bittorrentEnabled
        trackerURLs = settings.trackerTiers
        uploadLimit = settings.uploadLimit
        siteName = settings.siteName
    }
}
