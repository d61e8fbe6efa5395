import Foundation
import Logging

/// Where a cluster lives: `<data directory>/postgres`, or, where PostgreSQL's user cannot reach that, a folder of
/// /var/lib/reelswarm that is named after the data directory.
struct ClusterHome: Sendable {
    let path: String
    let user: ClusterUser

    var data: String { path + "/data" }
    var dataInMaking: String { path + "/data.new" }
    var log: String { path + "/log" }
    var socketNote: String { path + "/socket" }
    var isMade: Bool { FileManager.default.fileExists(atPath: data + "/PG_VERSION") }
    var version: String? {
        (try? String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8))
            .map { String($0.prefix { !$0.isWhitespace }) }
    }

    static func prepare(dataDirectory: String, user: ClusterUser, logger: Logger) throws(ClusterError) -> ClusterHome {
        do {
            try FileManager.default.createDirectory(atPath: dataDirectory, withIntermediateDirectories: true)
        } catch { throw ClusterError("The data directory \(dataDirectory) cannot be made: \(error).") }
        guard let pointer = realpath(dataDirectory, nil) else {
            throw ClusterError("The data directory \(dataDirectory) cannot be opened: \(systemError()).")
        }
        defer { free(pointer) }
        let directory = String(cString: pointer)
        if !user.isOther || user.canReach(directory) {
            let home = ClusterHome(path: directory + "/postgres", user: user)
            try user.makePrivateDirectory(home.path)
            return home
        }
        return try prepareElsewhere(directory, user: user, logger: logger)
    }

    private static func prepareElsewhere(
        _ directory: String, user: ClusterUser, logger: Logger
    ) throws(ClusterError) -> ClusterHome {
        let root = "/var/lib/reelswarm"
        if mkdir(root, 0o755) != 0 && errno != EEXIST {
            throw ClusterError("The folder \(root) cannot be made: \(systemError()).")
        }
        let home = ClusterHome(path: root + "/" + identifier(directory), user: user)
        try user.makePrivateDirectory(home.path)
        if !home.isMade {
            logger.notice(
                "the database is kept outside the data directory, which PostgreSQL's user cannot reach",
                metadata: ["user": "\(user.name)", "data_directory": "\(directory)", "database": "\(home.path)"])
        }
        return home
    }

    /// 16 hex digits that stand for a path: FNV-1a, 64 bits.
    private static func identifier(_ path: String) -> String {
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
