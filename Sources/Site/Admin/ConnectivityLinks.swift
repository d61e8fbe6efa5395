public import ByteCoding

/// Where clients are sent for one torrent: what the connectivity test tries.
public struct ConnectivityLinks: Sendable, Equatable {
    /// Our tracker's UDP announce URL.
    public var udpAnnounce: String
    /// Our tracker's HTTP announce URL.
    public var httpAnnounce: String
    /// The web seed's URL with the file name, as clients ask it.
    public var webSeed: String
    /// Where our seeder is reached, best first; empty when its address is not known.
    public var seeders: [Endpoint]
    /// Bytes of the film.
    public var size: Int64

    /// The links of one torrent.
    public init(
        udpAnnounce: String, httpAnnounce: String, webSeed: String, seeders: [Endpoint], size: Int64
    ) {
        self.udpAnnounce = udpAnnounce
        self.httpAnnounce = httpAnnounce
        self.webSeed = webSeed
        self.seeders = seeders
        self.size = size
    }
}
