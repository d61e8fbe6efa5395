import Foundation

/// The file given with `--config`: `NAME=value` lines with the names of the environment, `#` begins a comment line.
enum ConfigurationFile {
    static let knownNames: Set<String> = [
        "DATA_DIR", "HOST", "PORT", "TRACKER_PORT", "PEER_PORT", "PUBLIC_URL", "PEER_ADDRESS", "TRUSTED_PROXY",
        "ALLOWED_HOST", "ALLOW_PRIVATE_TRACKERS", "ALLOW_PRIVATE_PEERS", "ENCRYPTION", "DHT_NODE", "LOCAL_DISCOVERY",
        "DATABASE_URL", "CACHE_LIMIT", "RESOURCES", "LOG_LEVEL",
        "ADMIN_PASSWORD", "OPEN", "ALLOW", "PASSKEYS", "STATE", "INTERVAL", "PEERS", "LOG_ANNOUNCES", "PORTS_FILE",
    ]

    /// Reads a file; a line that cannot be one, or a name nobody knows, is an error that names the line.
    static func read(path: String) throws -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure.usage("The configuration file \(path) cannot be read.")
        }
        var values: [String: String] = [:]
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].trimmingCharacters(in: .whitespaces)
            guard parts.count == 2 else {
                throw CommandFailure.usage("\(path), line \(index + 1): expected NAME=value.")
            }
            guard name.hasPrefix("REELSWARM_"), knownNames.contains(String(name.dropFirst(10))) else {
                throw CommandFailure.usage("\(path), line \(index + 1): '\(name)' is not a setting.")
            }
            values[name] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return values
    }
}
