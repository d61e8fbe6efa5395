/// What peers can make the engine do at most. Every figure is a setting; the defaults suit a public seeder.
public struct EngineLimits: Sendable, Equatable {
    // MARK: Connections

    /// Peer connections of the whole engine.
    public var connections = 2_000
    /// Peer connections of one torrent.
    public var connectionsPerTorrent = 200
    /// Peer connections from one address; loopback is exempt.
    public var connectionsPerAddress = 64
    /// Connects under way at one time.
    public var dialsAtOnce = 20
    /// Leechers remembered for dialling, over all torrents.
    public var knownLeechers = 10_000

    // MARK: Time

    /// From connect to the whole handshake.
    public var handshakeTimeout: Duration = .seconds(10)
    /// Without a single byte from the peer.
    public var silenceTimeout: Duration = .seconds(180)
    /// Without any message but keep-alives, unless the peer waits for a slot.
    public var idleTimeout: Duration = .seconds(600)
    /// Without the peer taking any of the bytes that wait for it.
    public var slowReaderTimeout: Duration = .seconds(60)
    /// After this long without anything to say we send a keep-alive (BEP 3: peers close after two minutes).
    public var keepAliveInterval: Duration = .seconds(100)
    /// How long a peer that has everything may stay.
    public var seedTimeout: Duration = .seconds(5)
    /// How often the rates, time-outs and totals are looked at.
    public var tickInterval: Duration = .seconds(1)

    // MARK: Messages and requests

    /// Longest extension message taken, in bytes; the bitfield's limit comes from the torrent.
    public var messageLength = 32 * 1024
    /// Longest block answered (BEP 3 clients ask 16 KiB), in bytes.
    public var blockLength = 128 * 1024
    /// Requests of one peer that wait for an answer; further ones are rejected. Told as `reqq`.
    public var queuedRequests = 2_000
    /// Requests a peer may send although it was told that it is choked, before it is closed.
    public var requestsWhileChoked = 250
    /// Requests for blocks that do not exist, before the peer is closed.
    public var invalidRequests = 300
    /// Metadata requests of one peer that wait for an answer.
    public var queuedMetadataRequests = 256
    /// How often a peer may fetch the whole metadata.
    public var metadataFetches = 8
    /// Bytes waiting for one peer above which nothing more is read from it.
    public var writeBuffer = 1024 * 1024
    /// Bytes of block answers gathered into one read and one write.
    public var batchBytes = 256 * 1024

    /// Bytes of blocks nobody asked for that are taken from a peer, above an eighth of what it sent, before it is closed.
    public var unwantedBytes: Int64 = 32 * 1024 * 1024
    /// Pieces a peer may allow us while it chokes us (BEP 6).
    public var allowedFastPieces = 64

    // MARK: Downloading

    /// Addresses remembered for each torrent that is downloaded.
    public var knownPeers = 2_000
    /// Pieces that a peer may ask for while it is choked (BEP 6); of torrents that are downloaded.
    public var grantedPieces = 10
    /// Web seeds of one torrent that are used.
    public var webSeeds = 8
    /// Bytes of unfinished pieces that one torrent keeps in memory.
    public var pieceMemory = 64 * 1024 * 1024

    // MARK: Sharing

    /// Peers of one torrent that are unchoked at one time.
    public var uploadSlots = 16
    /// Of these, the ones given to peers in turn whatever their rate.
    public var optimisticSlots = 2
    /// A peer that took the whole torrent this many times over is closed.
    public var copiesPerPeer = 5
    /// Uploads below this many bytes are never held against a peer.
    public var freeUploadPerPeer: Int64 = 64 * 1024 * 1024

    // MARK: Files

    /// Content files open at one time.
    public var openFiles = 256
    /// A content file nobody reads is closed after this time.
    public var fileIdleTimeout: Duration = .seconds(60)
    /// After failing to open content, how long requests are refused before the next attempt.
    public var contentRetryDelay: Duration = .seconds(5)

    /// The defaults.
    public init() {}
}
