/// What strangers can make a node of the DHT do, in numbers.
public struct DHTLimits: Sendable, Equatable {
    /// Bytes sent a second by answers and questions together; a quarter of it is kept for our own questions.
    public var sentBytesPerSecond = 8_000
    /// Datagrams a second that one address gets answers to.
    public var answersPerSecondAndAddress = 5
    /// Questions a second put to one address; below what others refuse at.
    public var questionsPerSecondAndAddress = 4
    /// The longest answer, in bytes: what passes every link unfragmented.
    public var answerBytes = 1_400
    /// Peers in one answer.
    public var peersInAnswer = 100
    /// Torrents whose peers are kept for others.
    public var storedTorrents = 2_000
    /// Peers kept of one torrent.
    public var storedPeersPerTorrent = 500
    /// Torrents that one address is kept as a peer of.
    public var storedTorrentsPerAddress = 256
    /// How long an announce is believed.
    public var storedPeerLifetime = Duration.seconds(30 * 60)
    /// Lookups that run at once; the others wait their turn.
    public var concurrentLookups = 8
    /// How often the peers of a torrent are looked up, and ours announced.
    public var searchInterval = Duration.seconds(15 * 60)

    /// The limits of a node on the Internet.
    public init() {}
}
