public import Catalog

/// Everything that one publishing writes.
public struct PublishRecord: Equatable, Sendable {
    /// The content, in reception.
    public var mediaID: MediaID
    /// The content's whole size in bytes.
    public var size: Int64
    /// The stable file name: `info.name`.
    public var fileName: String
    /// What probing found.
    public var description: MediaDescription
    /// The number of the first chunk of `lastChunks`.
    public var lastSequence: Int
    /// The bytes not yet stored: whole chunks and the shorter last one; may be empty.
    public var lastChunks: [UInt8]
    /// Both kinds of hashes.
    public var hashes: ContentHashes
    /// The encoded clip index, where there is one already.
    public var index: [UInt8]?
    /// The content's torrent; nil with BitTorrent off.
    public var torrent: NewTorrent?
    /// The video's words and owner.
    public var video: NewVideo
    /// Jobs to queue with it; one without a content is about this one. They are queued only for content that is new.
    public var jobs: [NewJob]
    /// The client's key for this publishing, at most 200 bytes.
    public var idempotencyKey: String?

    /// Makes a record from its parts.
    public init(
        mediaID: MediaID, size: Int64, fileName: String, description: MediaDescription, lastSequence: Int,
        lastChunks: [UInt8], hashes: ContentHashes, index: [UInt8]? = nil, torrent: NewTorrent? = nil,
        video: NewVideo, jobs: [NewJob] = [], idempotencyKey: String? = nil
    ) {
        self.mediaID = mediaID
        self.size = size
        self.fileName = fileName
        self.description = description
        self.lastSequence = lastSequence
        self.lastChunks = lastChunks
        self.hashes = hashes
        self.index = index
        self.torrent = torrent
        self.video = video
        self.jobs = jobs
        self.idempotencyKey = idempotencyKey
    }
}
