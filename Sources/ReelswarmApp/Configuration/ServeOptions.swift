import ArgumentParser
import Foundation

/// The flags of `serve` and of the commands that look at the same site (`check`, `user`, `token`).
struct ServeOptions: ParsableArguments {
    @Option(help: "Directory for the cache, the private database and ports.json (default: data).")
    var dataDir: String?
    @Option(help: "Address to listen on; repeatable (default: 0.0.0.0 and ::).")
    var host: [String] = []
    @Option(help: "TCP port of the web site, 0 for any free one (default: 8080).")
    var port: Int?
    @Option(help: "TCP and UDP port of the tracker (default: 6969).")
    var trackerPort: Int?
    @Option(help: "TCP port for BitTorrent peers (default: 6881).")
    var peerPort: Int?
    @Option(help: "Address of the site as visitors see it, such as https://films.example.")
    var publicUrl: String?
    @Option(help: "IP address under which peers reach the seeder; repeatable.")
    var peerAddress: [String] = []
    @Option(help: "Proxy whose X-Forwarded-* headers count, such as 10.0.0.0/8; repeatable.")
    var trustedProxy: [String] = []
    @Option(help: "Further host name under which the site answers; repeatable.")
    var allowedHost: [String] = []
    @Option(help: "PostgreSQL to use, such as postgresql://user@host/films (default: a private one).")
    var databaseUrl: String?
    @Flag(help: "Announce to outside trackers at private and loopback addresses too.")
    var allowPrivateTrackers = false
    @Flag(help: "Dial peers at private and loopback addresses too, whoever names them.")
    var allowPrivatePeers = false
    @Option(help: "Encryption of peer connections: off, accepted, preferred or required (default: accepted).")
    var encryption: String?
    @Option(
        help: "DHT node to begin with, such as router.bittorrent.com:6881; repeatable. Without one there is no DHT.")
    var dhtNode: [String] = []
    @Flag(help: "Look for peers in the local network (BEP 14).")
    var localDiscovery = false
    @Option(help: "Most bytes the disk cache keeps, such as 50GiB (default: 50GiB).")
    var cacheLimit: String?
    @Option(help: "Directory with Templates, Public and migrations (default: found beside the program).")
    var resources: String?
    @Option(help: "trace, debug, info, notice, warning or error (default: info).")
    var logLevel: String?
    @Option(help: "File with NAME=value lines, the names being those of the environment.")
    var config: String?
}
