import ByteCoding
import Configuration
import Foundation
import Metainfo
import Site
import TorrentEngine

extension ServeOptions {
    /// The settings of a start: flags before environment before the file before the defaults.
    func resolved(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> ServeConfiguration {
        let fromFile = try (config ?? environment["REELSWARM_CONFIG"]).map(ConfigurationFile.read) ?? [:]
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags),
            EnvironmentVariablesProvider(environmentVariables: environment),
            EnvironmentVariablesProvider(environmentVariables: fromFile),
        ]).scoped(to: "reelswarm")
        return try ServeConfiguration(reader: reader)
    }

    /// The flags given, under the names of their environment twins.
    private var flags: [String: String] {
        let single: [(String, String?)] = [
            ("DATA_DIR", dataDir), ("PORT", port.map(String.init)), ("TRACKER_PORT", trackerPort.map(String.init)),
            ("PEER_PORT", peerPort.map(String.init)), ("PUBLIC_URL", publicUrl), ("DATABASE_URL", databaseUrl),
            ("CACHE_LIMIT", cacheLimit), ("RESOURCES", resources), ("LOG_LEVEL", logLevel),
            ("ENCRYPTION", encryption),
        ]
        let repeated: [(String, [String])] = [
            ("HOST", host), ("PEER_ADDRESS", peerAddress), ("TRUSTED_PROXY", trustedProxy),
            ("ALLOWED_HOST", allowedHost), ("DHT_NODE", dhtNode),
        ]
        var flags: [String: String] = [:]
        let switches = [
            ("ALLOW_PRIVATE_TRACKERS", allowPrivateTrackers), ("ALLOW_PRIVATE_PEERS", allowPrivatePeers),
            ("LOCAL_DISCOVERY", localDiscovery),
        ]
        for (name, isOn) in switches where isOn { flags["REELSWARM_" + name] = "true" }
        for (name, value) in single { flags["REELSWARM_" + name] = value }
        for (name, values) in repeated where !values.isEmpty {
            flags["REELSWARM_" + name] = values.joined(separator: ",")
        }
        return flags
    }
}

extension ServeConfiguration {
    /// Reads and checks every setting; the first that cannot be is thrown as a sentence.
    init(reader: ConfigReader) throws {
        dataDirectory = URL(filePath: reader.string(forKey: "data.dir", default: "data"), directoryHint: .isDirectory)
        hosts = try reader.listenAddresses()
        port = try reader.port("port", default: 8080)
        trackerPort = try reader.port("tracker.port", default: 6969)
        peerPort = try reader.port("peer.port", default: 6881)
        publicURL = try reader.string(forKey: "public.url").map {
            try CommandFailure.require(
                PublicURL($0), "The public URL must look like https://films.example, without a path.")
        }
        peerAddresses = try reader.list("peer.address").map {
            try CommandFailure.require(IPAddress($0), "'\($0)' is not an IP address that peers could use.")
        }
        trustedProxies = try reader.trustedProxies()
        allowedHosts = reader.list("allowed.host").map { $0.lowercased() }
        allowsPrivateTrackers = try reader.isOn("allow.private.trackers")
        allowsPrivatePeers = try reader.isOn("allow.private.peers")
        usesLocalDiscovery = try reader.isOn("local.discovery")
        encryption = try CommandFailure.require(
            EncryptionPolicy(rawValue: reader.string(forKey: "encryption", default: "accepted")),
            "Encryption is one of \(EncryptionPolicy.allCases.map(\.rawValue).joined(separator: ", ")).")
        dhtNodes = try reader.list("dht.node").map {
            try CommandFailure.require(
                NodeAddress($0), "'\($0)' is not a node such as router.bittorrent.com:6881.")
        }
        databaseURL = reader.string(forKey: "database.url", isSecret: true)
        let limit = reader.string(forKey: "cache.limit", default: "50GiB")
        cacheLimit = try CommandFailure.require(ByteCount.parse(limit), "'\(limit)' is not a size such as 50GiB.")
        resources = try ResourceDirectory.find(named: reader.string(forKey: "resources"))
        logLevel = reader.string(forKey: "log.level", default: "info")
        adminPassword = reader.string(forKey: "admin.password", isSecret: true)
    }
}
