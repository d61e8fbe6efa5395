/// How much of a tracker's answer is read; what goes beyond is left out, or makes the answer unreadable.
public struct TrackerAnswerLimits: Hashable, Sendable {
    /// The longest answer over HTTP, in bytes; a longer one is refused whole.
    public var bytes: Int
    /// How many peers are taken at most, of both families together.
    public var peers: Int
    /// How many torrents a scrape answer may tell of; further ones are left out.
    public var torrents: Int
    /// How many bytes of a tracker's sentence, or of its id, are kept.
    public var words: Int

    /// Limits; without arguments 1 MiB, 500 peers, 1,000 torrents and 1,024 bytes of words.
    public init(bytes: Int = 1 << 20, peers: Int = 500, torrents: Int = 1_000, words: Int = 1_024) {
        self.bytes = max(0, bytes)
        self.peers = max(0, peers)
        self.torrents = max(0, torrents)
        self.words = max(0, words)
    }
}
