import Catalog
public import Accounts
public import Logging
public import Publishing
public import Store
public import WebServer

/// Everything the routes work with: made once at boot, handed to each of them.
public struct SiteContext: Sendable {
    /// All data.
    public let store: Store
    /// Log-in, sessions, tokens, users.
    public let accounts: AccountService
    /// Publishes, changes and takes down videos.
    public let publisher: Publisher
    /// Receives uploads.
    public let ingest: Ingest
    /// The media files.
    public let cache: MediaCache
    /// What tracker and seeder know.
    public let swarm: any SwarmView
    /// What the admin pages ask of tracker and seeder.
    public let desk: any TrackerDesk
    /// The settings, in memory.
    public let settings: SettingsCache
    /// How this server is reached.
    public let addresses: PublicAddresses
    /// The compiled templates.
    public let templates: TemplateLibrary
    /// Style, scripts and icons under hashed names.
    public let assets: StaticAssets
    /// What operators ask for.
    public let probes: SiteProbes
    /// For what no request owns.
    public let logger: Logger
    /// Which slug has which torrent: spares live counts the database.
    let swarmIndex: SwarmIndex
    /// Tells open pages how counts change.
    let swarmHub: SwarmHub
    /// The charts of the last half minute: spares the page of a film the database.
    let charts: ChartCache
    /// Which media is being asked for: spares ranges the database.
    let recentVideos = RecentlyAsked<Slug, Video>(capacity: 1024)
    /// The clips of films whose pages are being looked at.
    let recentClips = RecentlyAsked<VideoID, [Clip]>(capacity: 256)
    /// Which files clips of films can be.
    let clipEndings = ClipEndingsCache()
    /// How storyboards are laid out.
    let storyboards = StoryboardCache()
    /// The addresses of the assets, as templates have them.
    let assetPaths: TemplateValue
    /// The facts of films, read once each.
    let facts = FactsCache()

    /// Joins the parts; nothing is read or started here.
    public init(
        store: Store, accounts: AccountService, publisher: Publisher, ingest: Ingest, cache: MediaCache,
        swarm: any SwarmView, settings: SettingsCache, addresses: PublicAddresses, templates: TemplateLibrary,
        assets: StaticAssets, probes: SiteProbes, desk: any TrackerDesk, logger: Logger
    ) {
        self.store = store
        self.accounts = accounts
        self.publisher = publisher
        self.ingest = ingest
        self.cache = cache
        self.swarm = swarm
        self.desk = desk
        self.settings = settings
        self.addresses = addresses
        self.templates = templates
        self.assets = assets
        self.assetPaths = assets.templateValues
        self.probes = probes
        self.logger = logger
        self.swarmIndex = SwarmIndex(videos: store.videos)
        self.swarmHub = SwarmHub(swarm: swarm)
        self.charts = ChartCache()
    }
}
