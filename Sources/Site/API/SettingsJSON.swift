import Catalog
import Metainfo

/// The settings as the API shows them.
struct SettingsJSON: Encodable {
    private enum Member: String, CodingKey {
        case bittorrentEnabled = "bittorrent_enabled"
        case trackerURLs = "tracker_urls"
        case torrentFormat = "torrent_format"
        case uploadLimit = "upload_limit"
        case siteName = "site_name"
        case uploadRate = "upload_rate"
        case downloadRate = "download_rate"
        case superSeeding = "super_seeding"
    }

    /// A member whose name is known when the program runs.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ field: TrackerSettings.Field) { stringValue = field.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let settings: SiteSettings

    init(_ settings: SiteSettings) { self.settings = settings }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(settings.bittorrentEnabled, forKey: .bittorrentEnabled)
        // Tiers of URLs; none means this site's own tracker.
        try json.encode(settings.trackerTiers, forKey: .trackerURLs)
        try json.encode(settings.torrentFormat.rawValue, forKey: .torrentFormat)
        try json.encode(settings.uploadLimit, forKey: .uploadLimit)
        try json.encode(settings.siteName, forKey: .siteName)
        try json.encode(settings.peers.uploadRate, forKey: .uploadRate)
        try json.encode(settings.peers.downloadRate, forKey: .downloadRate)
        try json.encode(settings.peers.superSeeding, forKey: .superSeeding)
        var tracker = encoder.container(keyedBy: Name.self)
        for field in TrackerSettings.Field.allCases {
            if let number = settings.tracker.number(field) { try tracker.encode(number, forKey: Name(field)) }
        }
        try tracker.encode(settings.tracker.handOut.rawValue, forKey: Name(.handOut))
        try tracker.encode(settings.tracker.logsAnnounces, forKey: Name(.logsAnnounces))
    }
}
