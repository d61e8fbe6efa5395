import ArgumentParser

/// The flags that `get` and `seed` share; each has an environment twin, as those of `serve` have.
struct SwarmOptions: ParsableArguments {
    @Option(help: "TCP port for BitTorrent peers, 0 for any free one (default: get 0, seed 6881).")
    var peerPort: Int?
    @Option(help: "Address to listen on for peers; repeatable (default: 0.0.0.0 and ::).")
    var host: [String] = []
    @Option(help: "Most that is downloaded a second: 500k, 2M, or bytes.")
    var down: String?
    @Option(help: "Most that is uploaded a second: 500k, 2M, or bytes.")
    var up: String?
    @Option(help: "off, accepted, preferred or required (default: accepted).")
    var encryption: String?
    @Flag(inversion: .prefixedNo, help: "Look for peers in the DHT (default: get yes, seed no).")
    var dht: Bool?
    @Option(help: "Node of the DHT to begin with, HOST:PORT; repeatable (default: well-known ones).")
    var dhtNode: [String] = []
    @Flag(help: "Dial peers at private and loopback addresses, whoever names them.")
    var allowPrivatePeers = false
    @Flag(help: "Look for peers in the local network (BEP 14).")
    var localDiscovery = false
    @Option(name: .customLong("log"), help: "File to write a readable protocol log into.")
    var log: String?
    @Option(help: "File to write the peer port into when it is open, as JSON.")
    var portsFile: String?
    @Option(help: "trace, debug, info, notice, warning or error (default: warning).")
    var logLevel: String?

    /// The flags given, under the names of their environment twins.
    var flags: [String: String] {
        let given: [(String, String?)] = [
            ("PEER_PORT", peerPort.map(String.init)), ("DOWN", down), ("UP", up), ("ENCRYPTION", encryption),
            ("DHT", dht.map { $0 ? "true" : "false" }), ("LOG", log), ("PORTS_FILE", portsFile),
            ("LOG_LEVEL", logLevel), ("LOCAL_DISCOVERY", localDiscovery ? "true" : nil),
            ("ALLOW_PRIVATE_PEERS", allowPrivatePeers ? "true" : nil),
            ("HOST", host.isEmpty ? nil : host.joined(separator: ",")),
            ("DHT_NODE", dhtNode.isEmpty ? nil : dhtNode.joined(separator: ",")),
        ]
        return given.reduce(into: [:]) { flags, pair in flags["REELSWARM_" + pair.0] = pair.1 }
    }
}
