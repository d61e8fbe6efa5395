public import Metainfo

/// Checked changes of the settings; nil leaves a setting as it is.
public struct SettingsChanges: Equatable, Sendable {
    /// The smallest and largest upload limit, in bytes.
    public static let uploadLimits: ClosedRange<Int64> = (1 << 20)...(1 << 40)

    /// Whether BitTorrent is on.
    public let bittorrentEnabled: Bool?
    /// The announce URLs.
    public let trackerTiers: TrackerTiers?
    /// Which versions of BitTorrent new torrents are for.
    public let torrentFormat: TorrentFormat?
    /// The largest upload, in bytes.
    public let uploadLimit: Int64?
    /// The site's name.
    public let siteName: String?
    /// All settings of the site's own tracker.
    public let tracker: TrackerSettings?
    /// All settings of the peer engine.
    public let peers: PeerSettings?

    /// Checks changes: the upload limit is 1 MiB...1 TiB, the name 1 to 100 characters, the tracker's numbers as
    /// `TrackerSettings.range(of:)` says, the peers' rates as `PeerSettings.rates`.
    public init(
        bittorrentEnabled: Bool? = nil, trackerTiers: TrackerTiers? = nil, torrentFormat: TorrentFormat? = nil,
        uploadLimit: Int64? = nil, siteName: String? = nil, tracker: TrackerSettings? = nil,
        peers: PeerSettings? = nil
    ) throws(CatalogError) {
        if let uploadLimit, !Self.uploadLimits.contains(uploadLimit) {
            throw CatalogError(field: "upload_limit", sentence: "The upload limit lies between 1 MiB and 1 TiB.")
        }
        let name = siteName.map(PlainText.trimmed)
        if let name, !((1...100).contains(name.unicodeScalars.count) && PlainText.isClean(name)) {
            throw CatalogError(field: "site_name", sentence: "The site's name has 1 to 100 characters on one line.")
        }
        try tracker?.check()
        try peers?.check()
        self.bittorrentEnabled = bittorrentEnabled
        self.trackerTiers = trackerTiers
        self.torrentFormat = torrentFormat
        self.uploadLimit = uploadLimit
        self.siteName = name
        self.tracker = tracker
        self.peers = peers
    }

    /// The settings with these changes made.
    public func applied(to settings: SiteSettings) -> SiteSettings {
        var settings = settings
        if let bittorrentEnabled { settings.bittorrentEnabled = bittorrentEnabled }
        if let trackerTiers { settings.trackerTiers = trackerTiers.tiers }
        if let torrentFormat { settings.torrentFormat = torrentFormat }
        if let uploadLimit { settings.uploadLimit = uploadLimit }
        if let siteName { settings.siteName = siteName }
        if let tracker { settings.tracker = tracker }
        if let peers { settings.peers = peers }
        return settings
    }
}
