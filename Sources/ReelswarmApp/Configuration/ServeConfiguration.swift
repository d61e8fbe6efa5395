import ByteCoding
import Foundation
import Metainfo
import Site
import TorrentEngine

/// Everything `serve` is told at its start; it does not change while it runs.
///
/// Settings that an admin changes while the site runs live in the database instead.
struct ServeConfiguration: Sendable {
    /// Holds the cache, the embedded database cluster and `ports.json`.
    var dataDirectory: URL
    /// Addresses to listen on for web, tracker and peers; IPv6 sockets take IPv6 only.
    var hosts: [String]
    /// TCP port of the web site; 0 picks a free one.
    var port: Int
    /// TCP and UDP port of the tracker; 0 picks a free one.
    var trackerPort: Int
    /// TCP port for BitTorrent peers; 0 picks a free one.
    var peerPort: Int
    /// The address under which visitors reach the site, for example behind a proxy.
    var publicURL: PublicURL?
    /// Addresses under which peers reach the seeder.
    var peerAddresses: [IPAddress]
    /// Proxies whose `X-Forwarded-*` headers count.
    var trustedProxies: [CIDR]
    /// Names besides the public one under which the site answers.
    var allowedHosts: [String]
    /// Whether outside trackers may lie at private and loopback addresses: a tracker URL is a way into the own network
    /// for whoever may set it.
    var allowsPrivateTrackers: Bool
    /// Whether peers at private and loopback addresses are dialled, whoever names them.
    var allowsPrivatePeers: Bool
    /// Whether peers are looked for in the local network (BEP 14).
    var usesLocalDiscovery: Bool
    /// Whether peer connections are encrypted.
    var encryption: EncryptionPolicy
    /// Nodes of the DHT to begin with; without one there is no DHT.
    var dhtNodes: [NodeAddress]
    /// A PostgreSQL server to use; nil runs a private one in the data directory.
    var databaseURL: String?
    /// Most bytes the disk cache keeps.
    var cacheLimit: Int64
    /// Holds Templates, Public and migrations.
    var resources: URL
    /// Smallest severity that is logged: trace, debug, info, notice, warning, error.
    var logLevel: String
    /// Password of the user `admin`, made on a first start.
    var adminPassword: String?
}
