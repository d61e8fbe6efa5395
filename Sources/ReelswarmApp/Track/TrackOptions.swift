import ArgumentParser
import Configuration
import Foundation

/// The flags of `track`; each has an environment twin and a line in the file given with `--config`, as those of
/// `serve` have.
struct TrackOptions: ParsableArguments {
    @Flag(help: "Track every torrent that is announced.")
    var open = false
    @Option(help: "Track the torrents of this file: one hex info hash a line. Re-read when it changes.")
    var allow: String?
    @Option(help: "Ask for a passkey, one of this file: one a line. Re-read when it changes.")
    var passkeys: String?
    @Option(help: "File that keeps the swarms over a restart.")
    var state: String?
    @Option(help: "Address to listen on; repeatable (default: 0.0.0.0 and ::).")
    var host: [String] = []
    @Option(help: "TCP and UDP port, 0 for any free one (default: 6969).")
    var trackerPort: Int?
    @Option(help: "Seconds between two announces of a client, 10 to 14400 (default: 900).")
    var interval: Int?
    @Option(help: "Most peers of an answer, 1 to 80 (default: 50).")
    var peers: Int?
    @Option(help: "Proxy whose X-Forwarded-* headers count, such as 10.0.0.0/8; repeatable.")
    var trustedProxy: [String] = []
    @Flag(help: "Write every announce into the log.")
    var logAnnounces = false
    @Option(help: "File to write the port into when the tracker is ready, as JSON.")
    var portsFile: String?
    @Option(help: "trace, debug, info, notice, warning or error (default: info).")
    var logLevel: String?
    @Option(help: "File with NAME=value lines, the names being those of the environment.")
    var config: String?

    /// The settings of a start: flags before environment before the file before the defaults.
    func resolved(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> TrackConfiguration {
        let fromFile = try (config ?? environment["REELSWARM_CONFIG"]).map(ConfigurationFile.read) ?? [:]
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags),
            EnvironmentVariablesProvider(environmentVariables: environment),
            EnvironmentVariablesProvider(environmentVariables: fromFile),
        ]).scoped(to: "reelswarm")
        return try TrackConfiguration(reader: reader)
    }

    /// The flags given, under the names of their environment twins. `--open` and `--allow` each undo the other where
    /// that one comes from the environment or the file.
    private var flags: [String: String] {
        let given: [(String, String?)] = [
            ("OPEN", open ? "true" : allow.map { _ in "false" }), ("ALLOW", allow ?? (open ? "" : nil)),
            ("PASSKEYS", passkeys), ("STATE", state), ("TRACKER_PORT", trackerPort.map(String.init)),
            ("INTERVAL", interval.map(String.init)), ("PEERS", peers.map(String.init)),
            ("LOG_ANNOUNCES", logAnnounces ? "true" : nil), ("PORTS_FILE", portsFile), ("LOG_LEVEL", logLevel),
            ("HOST", host.isEmpty ? nil : host.joined(separator: ",")),
            ("TRUSTED_PROXY", trustedProxy.isEmpty ? nil : trustedProxy.joined(separator: ",")),
        ]
        return given.reduce(into: [:]) { flags, pair in flags["REELSWARM_" + pair.0] = pair.1 }
    }
}
