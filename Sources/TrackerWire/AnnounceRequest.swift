public import Metainfo

/// What a client tells a tracker and asks of it (BEP 3), over HTTP or UDP.
public struct AnnounceRequest: Hashable, Sendable {
    /// The torrent.
    public var infoHash: InfoHash
    /// The client's name for itself.
    public var peerID: PeerID
    /// The port on which the client listens for peers, 1...65535. Its address is that of the request.
    public var port: UInt16
    /// Bytes sent to peers since `started`.
    public var uploaded: UInt64
    /// Bytes received from peers since `started`.
    public var downloaded: UInt64
    /// Bytes still missing; zero makes the client a seeder.
    public var left: UInt64
    /// What has just happened.
    public var event: AnnounceEvent
    /// How many peers the client would like; nil leaves it to the tracker.
    public var numWant: Int?
    /// What stays the same when the client's address changes; nil when it gave none.
    public var key: UInt32?
    /// Whether peers may be listed as 6 or 18 bytes each (BEP 23); over UDP they always are.
    public var compact: Bool
    /// Whether peer ids may be left out of a list of dictionaries.
    public var noPeerID: Bool

    /// An announce by its fields.
    public init(
        infoHash: InfoHash, peerID: PeerID, port: UInt16, uploaded: UInt64 = 0, downloaded: UInt64 = 0, left: UInt64,
        event: AnnounceEvent = .none, numWant: Int? = nil, key: UInt32? = nil, compact: Bool = true,
        noPeerID: Bool = true
    ) {
        self.infoHash = infoHash
        self.peerID = peerID
        self.port = port
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.left = left
        self.event = event
        self.numWant = numWant
        self.key = key
        self.compact = compact
        self.noPeerID = noPeerID
    }
}

/// What has happened since the last announce.
public enum AnnounceEvent: String, Hashable, Sendable, CaseIterable {
    /// Nothing; the announce is a regular one.
    case none = ""
    /// The client has joined.
    case started
    /// The client leaves.
    case stopped
    /// The client has just got the last missing byte.
    case completed
    /// The client has all it wants but not all there is (BEP 21).
    case paused
}
