public import Metainfo

/// The settings an admin changes while the site runs.
public struct SiteSettings: Equatable, Sendable {
    /// Whether uploads get torrents, and tracker and seeder answer.
    public var bittorrentEnabled: Bool
    /// Announce URLs in tiers (BEP 12), checked by `TrackerTiers`; none means this site's own tracker.
    public var trackerTiers: [[String]]
    /// Which versions of BitTorrent new torrents are for; those that are there keep theirs.
    public var torrentFormat: TorrentFormat
    /// The largest upload in bytes, 1 MiB...1 TiB.
    public var uploadLimit: Int64
    /// The site's name in its pages.
    public var siteName: String
    /// The site's own tracker.
    public var tracker: TrackerSettings
    /// The peer engine.
    public var peers: PeerSettings

    /// Makes settings; without arguments those of a new site.
    public init(
        bittorrentEnabled: Bool = true, trackerTiers: [[String]] = [], torrentFormat: TorrentFormat = .v1,
        uploadLimit: Int64 = 20 << 30, siteName: String = "Reelswarm", tracker: TrackerSettings = TrackerSettings(),
        peers: PeerSettings = PeerSettings()
    ) {
        self.bittorrentEnabled = bittorrentEnabled
        self.trackerTiers = trackerTiers
        self.torrentFormat = torrentFormat
        self.uploadLimit = uploadLimit
        self.siteName = siteName
        self.tracker = tracker
        self.peers = peers
    }
}
