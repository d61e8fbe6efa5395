import ByteCoding
import Configuration
import Foundation
import Site

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
        ]
        let repeated: [(String, [String])] = [
            ("HOST", host), ("PEER_ADDRESS", peerAddress), ("TRUSTED_PROXY", trustedProxy),
            ("ALLOWED_HOST", allowedHost),
        ]
        var flags: [String: String] = [:]
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
        hosts = try Self.list(reader, "host").map(Self.listenAddress)
        if hosts.isEmpty { hosts = ["0.0.0.0", "::"] }
        port = try Self.port(reader, "port", default: 8080)
        trackerPort = try Self.port(reader, "tracker.port", default: 6969)
        peerPort = try Self.port(reader, "peer.port", default: 6881)
        publicURL = try reader.string(forKey: "public.url").map {
            try Self.require(PublicURL($0), "The public URL must look like https://films.example, without a path.")
        }
        peerAddresses = try Self.list(reader, "peer.address").map {
            try Self.require(IPAddress($0), "'\($0)' is not an IP address that peers could use.")
        }
        trustedProxies = try Self.list(reader, "trusted.proxy").map {
            try Self.require(CIDR($0), "'\($0)' is not a proxy address such as 10.0.0.0/8.")
        }
        allowedHosts = Self.list(reader, "allowed.host").map { $0.lowercased() }
        databaseURL = reader.string(forKey: "database.url", isSecret: true)
        let limit = reader.string(forKey: "cache.limit", default: "50GiB")
        cacheLimit = try Self.require(ByteCount.parse(limit), "'\(limit)' is not a size such as 50GiB.")
        resources = try ResourceDirectory.find(named: reader.string(forKey: "resources"))
        logLevel = reader.string(forKey: "log.level", default: "info")
        adminPassword = reader.string(forKey: "admin.password", isSecret: true)
    }

    private static func list(_ reader: ConfigReader, _ key: ConfigKey) -> [String] {
        (reader.stringArray(forKey: key) ?? []).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func port(_ reader: ConfigReader, _ key: ConfigKey, default standard: Int) throws -> Int {
        let text = reader.string(forKey: key, default: String(standard))
        return try require(
            Int(text).flatMap { (0...65_535).contains($0) ? $0 : nil }, "'\(text)' is not a port number.")
    }

    private static func listenAddress(_ text: String) throws -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        guard bare != "localhost" else { return "127.0.0.1" }
        return try require(IPAddress(bare), "'\(text)' is not an IP address to listen on.").description
    }

    private static func require<Value>(_ value: Value?, _ sentence: String) throws -> Value {
        guard let value else { throw CommandFailure.usage(sentence) }
        return value
    }
}
