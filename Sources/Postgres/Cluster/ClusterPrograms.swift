import Foundation
import Subprocess

/// The folder of PostgreSQL's own programs, in the version that a cluster needs.
struct ClusterPrograms: Sendable {
    let directory: String

    /// Looks where `pg_config` says, in /usr/lib/postgresql and in PATH, and takes the version that made the cluster,
    /// or the newest for a new one.
    static func find(version: String?) async throws(ClusterError) -> ClusterPrograms {
        var found: [(major: Int, directory: String)] = []
        for directory in await candidates() where isComplete(directory) {
            if let major = await major(directory) { found.append((major, directory)) }
        }
        if let version {
            guard let match = found.first(where: { String($0.major) == version }) else {
                throw ClusterError("The database was made by PostgreSQL \(version), which is not installed.")
            }
            return ClusterPrograms(directory: match.directory)
        }
        guard let newest = found.max(by: { $0.major < $1.major }) else {
            throw ClusterError(
                "PostgreSQL is not installed (initdb and postgres were not found): "
                    + "install the package postgresql, or give --database-url.")
        }
        return ClusterPrograms(directory: newest.directory)
    }

    /// What PostgreSQL's programs see of our environment: nothing but where they are.
    var environment: Environment { .custom(["PATH": directory + ":/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]) }

    private static func candidates() async -> [String] {
        var directories: [String] = []
        let said = try? await Subprocess.run(
            .name("pg_config"), arguments: ["--bindir"], output: .string(limit: 4096), error: .discarded)
        if let line = said?.standardOutput.split(separator: "\n").first { directories.append(String(line)) }
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        directories += versions.sorted().map { "\(root)/\($0)/bin" }
        directories += (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        directories.append("/usr/local/pgsql/bin")
        var seen: Set<String> = []
        return directories.filter { $0.hasPrefix("/") && seen.insert($0).inserted }
    }

    private static func isComplete(_ directory: String) -> Bool {
        ["initdb", "postgres"].allSatisfy { access(directory + "/" + $0, X_OK) == 0 }
    }

    /// The major version in `postgres (PostgreSQL) 15.20`.
    private static func major(_ directory: String) async -> Int? {
        let said = try? await Subprocess.run(
            .name("postgres"), arguments: ["--version"], environment: .custom(["PATH": directory]),
            output: .string(limit: 4096), error: .discarded)
        let words = said?.standardOutput.split(whereSeparator: \.isWhitespace) ?? []
        return words.lazy.compactMap { Int($0.prefix(while: \.isNumber)) }.first
    }
}
