public import Dialling
public import Metainfo

/// How the engine listens, what it calls itself, how it finds peers, and its limits.
public struct EngineConfiguration: Sendable {
    /// IP literals to listen at, each with a socket of its own; IPv6 sockets take IPv6 only.
    public var hosts: [String]
    /// TCP port for all torrents and hosts; 0 picks one that is free on all of them.
    public var port: Int
    /// First bytes of the peer id, BEP 20 style; the rest is random. At most 20 bytes are used.
    public var peerIDPrefix: String
    /// `v` in the extension handshake (BEP 10).
    public var clientName: String
    /// Which peers may be dialled.
    public var dialRules: DialRules
    /// Every number that bounds what peers can make us do.
    public var limits: EngineLimits
    /// Whether connections are encrypted (MSE).
    public var encryption: EncryptionPolicy = .accepted
    /// Whether torrents that are downloaded look for peers in the DHT (BEP 5); private ones never do.
    public var usesDHT = false
    /// Nodes of the DHT to begin with.
    public var dhtBootstrap: [NodeAddress] = []
    /// Whether peers of torrents that are downloaded are told of each other (BEP 11).
    public var usesPeerExchange = true
    /// Whether peers are looked for in the local network (BEP 14).
    public var usesLocalDiscovery = false
    /// Which trackers and web seeds may be asked.
    public var trackerRules: DialRules = .servers
    /// The most bytes a second that all torrents download together; nil for no limit.
    public var downloadLimit: Int?
    /// The most bytes a second that all torrents upload together; nil for no limit.
    public var uploadLimit: Int?
    /// Whether a torrent of which we are the only seed shows each peer single pieces (BEP 16).
    public var superSeeds = false
    /// Folder in which the DHT keeps its nodes over a restart; nil for none.
    public var stateDirectory: String?
    /// Takes the readable protocol log. Called on the engine's thread, so it has to return at once.
    public var onEvent: (@Sendable (ProtocolEvent) -> Void)?

    /// A configuration by its parts; the defaults are those of a public seeder.
    public init(
        hosts: [String] = ["0.0.0.0", "::"], port: Int = 6881, peerIDPrefix: String = "-RS0100-",
        clientName: String = "Reelswarm 0.1", dialRules: DialRules = .peers, limits: EngineLimits = EngineLimits()
    ) {
        self.hosts = hosts
        self.port = port
        self.peerIDPrefix = peerIDPrefix
        self.clientName = clientName
        self.dialRules = dialRules
        self.limits = limits
    }
}
