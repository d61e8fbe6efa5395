/// A torrent: the `info` bytes, which never change, and the fields around them, which are made for each download.
public struct Torrent: Hashable, Sendable {
    /// The exact bytes of `info`: what is hashed, kept and sent to peers.
    public let infoBytes: [UInt8]
    /// What the bytes say.
    public let info: TorrentInfo
    /// Tracker URLs in tiers, the first tier first (BEP 12).
    public var announceTiers: [[String]]
    /// URLs of HTTP servers that have the files (BEP 19).
    public var webSeeds: [String]
    /// Nodes of the DHT to begin with (BEP 5).
    public var nodes: [NodeAddress]
    /// The hashes of each file's pieces, 32 bytes a piece, by the file's root (BEP 52).
    public var pieceLayers: [[UInt8]: [UInt8]]
    /// When the torrent was made, in seconds since 1970 UTC.
    public var creationDate: Int64?
    /// The program that made it.
    public var createdBy: String?
    /// A remark for people.
    public var comment: String?
    /// The encoded clip index of each film that has one, by the file's number in `info.files` (docs/clip-index.md).
    /// What the bytes say is not checked here; `info` and the hashes know nothing of it.
    public var clipIndexes: [Int: [UInt8]]
    /// Further byte strings by key, outside `info`; clients that do not know a key ignore it.
    public var extraFields: [String: [UInt8]]

    /// Puts fields around `info` bytes, which are read and checked.
    public init(
        infoBytes: [UInt8], announceTiers: [[String]] = [], webSeeds: [String] = [], nodes: [NodeAddress] = [],
        pieceLayers: [[UInt8]: [UInt8]] = [:], creationDate: Int64? = nil, createdBy: String? = nil,
        comment: String? = nil, clipIndexes: [Int: [UInt8]] = [:], extraFields: [String: [UInt8]] = [:],
        limits: MetainfoLimits = .default
    ) throws(MetainfoError) {
        self.info = try TorrentInfo(decoding: infoBytes, limits: limits)
        self.infoBytes = infoBytes
        self.announceTiers = announceTiers
        self.webSeeds = webSeeds
        self.nodes = nodes
        self.pieceLayers = pieceLayers
        self.creationDate = creationDate
        self.createdBy = createdBy
        self.comment = comment
        self.clipIndexes = clipIndexes
        self.extraFields = extraFields
    }

    init(info: TorrentInfo, infoBytes: [UInt8], pieceLayers: [[UInt8]: [UInt8]]) {
        self.info = info
        self.infoBytes = infoBytes
        self.pieceLayers = pieceLayers
        announceTiers = []
        webSeeds = []
        nodes = []
        clipIndexes = [:]
        extraFields = [:]
    }
}
