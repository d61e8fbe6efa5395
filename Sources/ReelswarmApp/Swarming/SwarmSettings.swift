import Configuration
import Foundation
import Logging
import Mediaspace
import Metainfo
import TorrentEngine

/// How `get` and `seed` take part in swarms.
struct SwarmSettings: Sendable {
    /// Everything the engine is told.
    var space = SpaceConfiguration()
    /// Where the protocol log goes.
    var log: String?
    /// Where the peer port is written to.
    var portsFile: String?
    /// Smallest severity that is logged.
    var logLevel: Logger.Level

    /// Reads and checks every setting; the first that cannot be is thrown as a sentence.
    init(reader: ConfigReader, port: Int, usesDHT: Bool) throws {
        space.hosts = try reader.listenAddresses()
        space.port = try reader.port("peer.port", default: port)
        space.downloadLimit = try Self.rate(reader.text("down"))
        space.uploadLimit = try Self.rate(reader.text("up"))
        let encryption = reader.string(forKey: "encryption", default: EncryptionPolicy.accepted.rawValue)
        space.encryption = try CommandFailure.require(
            EncryptionPolicy(rawValue: encryption),
            "The encryption must be off, accepted, preferred or required, not '\(encryption)'.")
        let nodes = try reader.list("dht.node").map {
            try CommandFailure.require(NodeAddress($0), "'\($0)' is not a node such as router.example:6881.")
        }
        if !nodes.isEmpty { space.dhtNodes = nodes }
        space.usesDHT = try reader.text("dht") == nil ? usesDHT || !nodes.isEmpty : reader.isOn("dht")
        space.allowsPrivatePeers = try reader.isOn("allow.private.peers")
        space.usesLocalDiscovery = try reader.isOn("local.discovery")
        // Trackers, web seeds and peers come from what the user gave on their own machine.
        space.allowsPrivateAddresses = true
        space.clientName = "Reelswarm \(ReelswarmVersion.number)"
        log = reader.text("log")
        portsFile = reader.text("ports.file")
        let level = reader.string(forKey: "log.level", default: "warning")
        logLevel = try CommandFailure.require(Logger.Level(rawValue: level), "'\(level)' is not a log level.")
    }

    /// A reader of flags, then the environment.
    static func reader(flags: [String: String], environment: [String: String]) -> ConfigReader {
        ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags),
            EnvironmentVariablesProvider(environmentVariables: environment),
        ]).scoped(to: "reelswarm")
    }

    private static func rate(_ text: String?) throws -> Int? {
        try text.map {
            try CommandFailure.require(ByteRate.parse($0), "'\($0)' is not a rate such as 500k or 2M.")
        }
    }
}
