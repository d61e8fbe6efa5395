public import ByteCoding

/// What a tracker answers to an announce (BEP 3, BEP 7, BEP 23, BEP 24).
public struct AnnounceAnswer: Hashable, Sendable {
    /// Seconds until the client should announce again.
    public var interval: UInt32
    /// Seconds the client must wait at least.
    public var minInterval: UInt32?
    /// How many clients have everything (`complete`).
    public var seeders: UInt32
    /// How many do not (`incomplete`).
    public var leechers: UInt32
    /// How often the torrent was completed ever.
    public var downloaded: UInt32?
    /// Other clients.
    public var peers: [Endpoint]
    /// The address the client was seen with.
    public var externalIP: IPAddress?
    /// A sentence to show to the user.
    public var warning: String?
    /// What the client shall send back as `trackerid` from now on; any bytes, only over HTTP.
    public var trackerID: [UInt8]?

    /// An answer by its fields.
    public init(
        interval: UInt32, minInterval: UInt32? = nil, seeders: UInt32, leechers: UInt32, downloaded: UInt32? = nil,
        peers: [Endpoint], externalIP: IPAddress? = nil, warning: String? = nil, trackerID: [UInt8]? = nil
    ) {
        self.interval = interval
        self.minInterval = minInterval
        self.seeders = seeders
        self.leechers = leechers
        self.downloaded = downloaded
        self.peers = peers
        self.externalIP = externalIP
        self.warning = warning
        self.trackerID = trackerID
    }
}

/// Which kind of addresses a list of peers holds; over UDP that of the packet decides (BEP 15).
public enum AddressFamily: Hashable, Sendable {
    /// Addresses of 4 bytes.
    case ipv4
    /// Addresses of 16 bytes.
    case ipv6

    /// The family of an address.
    public init(of address: IPAddress) { self = address.isIPv4 ? .ipv4 : .ipv6 }

    /// How many bytes an endpoint takes in a compact list: 6 or 18.
    public var endpointByteCount: Int { self == .ipv4 ? 6 : 18 }
}
