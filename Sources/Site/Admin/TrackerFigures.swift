/// What our own tracker holds and does now, all torrents together.
public struct TrackerFigures: Sendable, Equatable {
    /// Torrents it answers for.
    public var torrents: Int
    /// Clients with the whole film.
    public var seeders: Int
    /// Clients that still fetch.
    public var leechers: Int
    /// Addresses in all swarms; a client with IPv4 and IPv6 has two.
    public var addresses: Int
    /// Announces a second, lately.
    public var announcesPerSecond: Double

    /// The figures of an idle tracker, unless told otherwise.
    public init(
        torrents: Int = 0, seeders: Int = 0, leechers: Int = 0, addresses: Int = 0, announcesPerSecond: Double = 0
    ) {
        self.torrents = torrents
        self.seeders = seeders
        self.leechers = leechers
        self.addresses = addresses
        self.announcesPerSecond = announcesPerSecond
    }
}
