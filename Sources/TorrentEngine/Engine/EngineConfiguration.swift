public import Dialling

/// How the engine listens, what it calls itself and its limits.
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
