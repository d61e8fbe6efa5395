public import Metainfo

/// How a torrent stands at one moment. Bytes are those of the torrent without padding between files.
public struct TorrentStatus: Sendable, Equatable {
    /// The hash under which the engine knows it: that of version 1 where there is one, else the first 20 bytes of that
    /// of version 2.
    public var infoHash: InfoHash
    /// The hash of version 2, where there is one.
    public var infoHashV2: InfoHashV2?
    /// Its name; nil while it is not known.
    public var name: String?
    /// What it is doing.
    public var state: TorrentState
    /// Whether its metadata is there.
    public var hasMetadata = false
    /// How many bytes are wanted, in whole pieces.
    public var wantedBytes: Int64 = 0
    /// How many of the wanted bytes are there and checked.
    public var doneBytes: Int64 = 0
    /// How many bytes the torrent has.
    public var totalBytes: Int64 = 0
    /// Share of the wanted bytes that is there, 0...1; while validating, share of the bytes looked at.
    public var progress: Double = 0
    /// Content bytes that have come from others, over all runs of which the state was kept.
    public var downloaded: Int64 = 0
    /// Of these, the ones that came in earlier runs.
    public var downloadedEarlier: Int64 = 0
    /// Content bytes that were sent to others, likewise.
    public var uploaded: Int64 = 0
    /// Of those downloaded, the ones that were of no use: bad, or there already.
    public var wasted: Int64 = 0
    /// Content bytes a second that come, averaged over some seconds.
    public var downloadRate: Double = 0
    /// Content bytes a second that go, averaged over some seconds.
    public var uploadRate: Double = 0
    /// Connected peers.
    public var peers = 0
    /// Those of them that have everything.
    public var seeds = 0
    /// How many whole copies of the torrent are spread over the connected peers and us.
    public var availability: Double = 0
    /// How long the rest of what is wanted takes at this rate; nil when nothing comes, or nothing is missing.
    public var eta: Duration?
    /// Whether we take nothing any more: everything wanted is there.
    public var isUploadOnly = false

    /// The status of a torrent of which nothing but this is known.
    public init(infoHash: InfoHash, infoHashV2: InfoHashV2? = nil, name: String? = nil, state: TorrentState) {
        self.infoHash = infoHash
        self.infoHashV2 = infoHashV2
        self.name = name
        self.state = state
    }
}
