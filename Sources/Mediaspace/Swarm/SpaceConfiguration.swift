import Dialling
import Foundation
public import Metainfo
public import TorrentEngine

/// How a space takes part in swarms. What is said here counts in the process that runs the engine of the directory:
/// the first that opened it.
public struct SpaceConfiguration: Sendable {
    /// IP literals to listen at for peers; IPv6 ones take IPv6 only.
    public var hosts = ["0.0.0.0", "::"]
    /// TCP port for peers; 0 picks a free one.
    public var port = 0
    /// Trackers in tiers for torrents made by `put` (BEP 12).
    public var announceTiers: [[String]] = []
    /// Whether connections with peers are encrypted (MSE).
    public var encryption = EncryptionPolicy.accepted
    /// Whether peers are looked for in the DHT (BEP 5), never for private torrents.
    public var usesDHT = false
    /// Nodes of the DHT to begin with.
    public var dhtNodes: [NodeAddress] = Self.publicDHTNodes
    /// Whether peers are looked for in the local network (BEP 14).
    public var usesLocalDiscovery = false
    /// Whether trackers, web seeds, URLs and the peers in magnets may lie at private and loopback addresses. Right
    /// where a person names them on their own machine; wrong where strangers do.
    public var allowsPrivateAddresses = false
    /// Whether peers at private and loopback addresses are dialled whoever names them.
    public var allowsPrivatePeers = false
    /// The most bytes a second that come in; nil for no limit.
    public var downloadLimit: Int?
    /// The most bytes a second that go out; nil for no limit.
    public var uploadLimit: Int?
    /// The name told to peers.
    public var clientName = "Reelswarm 0.1"
    /// The path of `reelswarm-media-worker`, which clips need; beside the running program when nil.
    public var mediaWorker: String?
    /// Takes the readable protocol log. Called on the engine's thread, so it has to return at once.
    public var onEvent: (@Sendable (ProtocolEvent) -> Void)?

    /// The defaults.
    public init() {}

    /// Nodes of the public DHT that are always there.
    public static let publicDHTNodes = [
        "router.bittorrent.com:6881", "dht.transmissionbt.com:6881", "dht.libtorrent.org:25401",
    ]
    .compactMap { NodeAddress($0) }

    /// The same for the engine.
    func engine(stateDirectory: String) -> EngineConfiguration {
        var engine = EngineConfiguration(hosts: hosts, port: port, clientName: clientName)
        engine.encryption = encryption
        engine.usesDHT = usesDHT
        engine.dhtBootstrap = usesDHT ? dhtNodes : []
        engine.usesLocalDiscovery = usesLocalDiscovery
        engine.trackerRules = DialRules(allowsPrivateAddresses: allowsPrivateAddresses, lowestPort: 1)
        engine.dialRules = DialRules(
            allowsPrivateAddresses: allowsPrivatePeers, lowestPort: DialRules.peers.lowestPort)
        engine.downloadLimit = downloadLimit
        engine.uploadLimit = uploadLimit
        engine.stateDirectory = stateDirectory
        engine.onEvent = onEvent
        return engine
    }
}
