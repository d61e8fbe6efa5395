public import ByteCoding
public import Metainfo

/// A torrent to be downloaded, or to be seeded from a folder: what it is, where its bytes go and how it is treated.
public struct TorrentToAdd: Sendable {
    /// What is known of the torrent.
    public enum Source: Sendable {
        /// Everything.
        case torrent(Torrent)
        /// Its hash; the rest comes from peers (BEP 9).
        case magnet(MagnetLink)
    }

    /// What is known of the torrent.
    public var source: Source
    /// The folder in which the file, or the folder called as the torrent, lies or will lie.
    public var folder: String
    /// Where the state is kept over a restart; nil when none is kept.
    public var stateFile: String?
    /// Which bytes are to be had.
    public var wanted: WantedBytes = .everything
    /// How what lies in the folder is looked at.
    public var check: ContentCheck = .asSaved
    /// Peers named by the operator: dialled also at loopback and private addresses.
    public var peers: [Endpoint] = []
    /// Trackers in tiers instead of the torrent's; nil for the torrent's own.
    public var announceTiers: [[String]]?
    /// Web seeds instead of the torrent's (BEP 19); nil for the torrent's own.
    public var webSeeds: [String]?
    /// The class of the address of whoever named the torrent with its trackers, web seeds and `x.pe` peers: what lies at
    /// loopback or private addresses is reached only if it is of that class. An operator's own choice is `.loopback`.
    public var namedFrom = AddressScope.public
    /// The most bytes a second that are downloaded; nil for no limit of its own.
    public var downloadLimit: Int?
    /// The most bytes a second that are uploaded; nil for no limit of its own.
    public var uploadLimit: Int?
    /// Whether it seeds on when all that is wanted is there; else its peers are left.
    public var sharesWhenDone = true
    /// Whether it waits for `resume` before anything is done.
    public var isPaused = false

    /// A torrent to be added; the rest is set by its properties.
    public init(_ source: Source, folder: String) {
        self.source = source
        self.folder = folder
    }

    /// A torrent known whole.
    public init(torrent: Torrent, folder: String) { self.init(.torrent(torrent), folder: folder) }

    /// A torrent known by its magnet link.
    public init(magnet: MagnetLink, folder: String) { self.init(.magnet(magnet), folder: folder) }
}
