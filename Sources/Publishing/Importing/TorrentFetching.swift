public import Metainfo

/// What importing needs of the peer engine. The composition root adapts the engine to it.
public protocol TorrentFetching: Sendable {
    /// Begins fetching a torrent into a folder, or goes on where an earlier attempt stopped; at first only its metadata.
    /// Throws ``PublishingError`` with a sentence.
    func begin(_ source: ImportSource, hash: InfoHash, folder: String) async throws(PublishingError)
    /// The torrent; nil until its metadata has come.
    func torrent(of hash: InfoHash) async -> Torrent?
    /// Fetches these bytes, counted from the torrent's first one.
    func want(_ bytes: Range<Int64>, of hash: InfoHash) async
    /// How it stands; nil for a torrent that is not being fetched.
    func progress(of hash: InfoHash) async -> FetchProgress?
    /// Lets go of the torrent; what was fetched stays in its folder.
    func end(_ hash: InfoHash) async
}

/// How the fetching of a torrent stands.
public struct FetchProgress: Sendable, Equatable {
    /// Bytes wanted, whole pieces counted.
    public var wanted: Int64
    /// Of these, the bytes that are there and checked.
    public var fetched: Int64
    /// Bytes a second.
    public var rate: Double
    /// Peers connected.
    public var peers: Int
    /// Everything that is wanted is there.
    public var isDone: Bool
    /// Why it cannot go on, as a sentence.
    public var failure: String?

    /// Makes progress from its parts.
    public init(wanted: Int64, fetched: Int64, rate: Double, peers: Int, isDone: Bool, failure: String? = nil) {
        self.wanted = wanted
        self.fetched = fetched
        self.rate = rate
        self.peers = peers
        self.isDone = isDone
        self.failure = failure
    }
}
