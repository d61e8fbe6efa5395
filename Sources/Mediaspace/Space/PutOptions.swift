public import Metainfo

/// How a film or folder is put into a space.
public struct PutOptions: Sendable, Hashable {
    /// Trackers in tiers (BEP 12); those of the space's configuration when nil.
    public var announceTiers: [[String]]?
    /// URLs of HTTP servers that have the content too (BEP 19).
    public var webSeeds: [String]
    /// Whether it is copied into the space's directory; else it stays where it lies and is seeded from there.
    public var copies: Bool
    /// Whether the .torrent is written beside the content, for others to take along.
    public var writesTorrent: Bool
    /// Which versions of BitTorrent can use the torrent (BEP 3, BEP 52).
    public var format: TorrentFormat
    /// Bytes of a piece, a power of two from 16 KiB; chosen by the size when nil.
    public var pieceLength: Int?
    /// Whether peers come from the trackers alone (BEP 27).
    public var isPrivate: Bool
    /// Whether the .torrent carries a clip index of each film, so that others can fetch a clip of it alone; needs the
    /// media worker, and reads the film once more. The torrent's id is the same with and without.
    public var addsClipIndexes: Bool

    /// Options by their parts; the defaults seed what lies where it lies.
    public init(
        announceTiers: [[String]]? = nil, webSeeds: [String] = [], copies: Bool = false, writesTorrent: Bool = false,
        format: TorrentFormat = .v1, pieceLength: Int? = nil, isPrivate: Bool = false,
        addsClipIndexes: Bool = true
    ) {
        self.announceTiers = announceTiers
        self.webSeeds = webSeeds
        self.copies = copies
        self.writesTorrent = writesTorrent
        self.format = format
        self.pieceLength = pieceLength
        self.isPrivate = isPrivate
        self.addsClipIndexes = addsClipIndexes
    }
}
