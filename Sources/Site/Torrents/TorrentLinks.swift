import ByteCoding
import Catalog
import Metainfo
import WebServer

/// What goes around a torrent's `info` for one request: trackers, web seed, and the magnet that says the same.
///
/// Nothing of this is stored, so a changed tracker URL or host is right in every torrent at once.
struct TorrentLinks: Sendable {
    let video: Video
    let torrent: TorrentSummary
    let base: BaseURL
    let settings: SiteSettings
    /// Where our seeder is reached, as addresses of the asker's reach.
    let seeders: [Endpoint]

    /// Nil when the video has no torrent, or BitTorrent is off.
    init?(_ video: Video, site: SiteContext, settings: SiteSettings, request: Request) {
        guard settings.bittorrentEnabled, let torrent = video.torrent else { return nil }
        self.video = video
        self.torrent = torrent
        self.settings = settings
        base = BaseURL(request, addresses: site.addresses)
        seeders = Self.seeders(site.addresses, request)
    }

    /// The configured tiers; else our own tracker, UDP first, and never UDP alone. Behind them the trackers that an
    /// imported torrent came with.
    var tiers: [[String]] {
        let ours = Self.tiers(settings, base)
        let known = Set(ours.joined())
        return ours + torrent.otherTrackers.tiers.map { $0.filter { !known.contains($0) } }.filter { !$0.isEmpty }
    }

    /// The tiers that torrents of these settings have.
    static func tiers(_ settings: SiteSettings, _ base: BaseURL) -> [[String]] {
        let configured = settings.trackerTiers
        return configured.isEmpty ? [[base.udpAnnounce], [base.httpAnnounce]] : configured
    }

    /// The web seed's URL (BEP 19).
    var webSeed: String { base.origin + VideoPaths(video.slug).webSeed }

    /// The .torrent's URL.
    var url: String { base.origin + VideoPaths(video.slug).torrent }

    /// The magnet (BEP 9): the name that clients will show, every tracker, the web seed, the .torrent, and our seeder's
    /// addresses, so that it starts also where no tracker is reached.
    var magnet: String {
        var link = MagnetLink(infoHashV1: torrent.infoHashV1, infoHashV2: torrent.infoHashV2)
        link.displayName = video.media.fileName
        link.trackers = tiers.flatMap(\.self)
        link.webSeeds = [webSeed]
        link.exactSources = [url]
        link.peers = seeders
        return link.formatted()
    }

    /// The same links as the connectivity test takes them.
    var forTesting: ConnectivityLinks {
        ConnectivityLinks(
            udpAnnounce: base.udpAnnounce, httpAnnounce: base.httpAnnounce,
            webSeed: base.origin + VideoPaths(video.slug).named(video.media.fileName), seeders: seeders,
            size: video.media.size)
    }

    /// The .torrent for this request.
    ///
    /// - Parameter pieceLayers: what version 2 has outside `info` (BEP 52).
    /// - Parameter clipIndexes: where clips of its files lie, by the files' numbers; outside `info` like the layers.
    /// - Throws: `MetainfoError` when the stored `info` is broken.
    func torrentFile(
        infoBytes: [UInt8], pieceLayers: [[UInt8]: [UInt8]], clipIndexes: [Int: [UInt8]]
    ) throws(MetainfoError) -> [UInt8] {
        try Torrent(
            infoBytes: infoBytes, announceTiers: tiers, webSeeds: [webSeed], pieceLayers: pieceLayers,
            creationDate: video.publishedAt.seconds, createdBy: "Reelswarm",
            comment: base.origin + VideoPaths(video.slug).page, clipIndexes: clipIndexes
        ).encoded()
    }

    /// Configured addresses, else what the public URL resolves to, else the address the asker reached us at.
    private static func seeders(_ addresses: PublicAddresses, _ request: Request) -> [Endpoint] {
        var found = addresses.peerAddresses
        if found.isEmpty, addresses.publicURL != nil { found = addresses.resolvedPublicAddresses() }
        if found.isEmpty { found = [request.localAddress.address] }
        return found.filter { $0.scope != .unusable }.map { Endpoint(address: $0, port: addresses.peerPort) }
    }
}
