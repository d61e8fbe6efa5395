import Foundation
public import Logging

extension EmbeddedCluster {
    /// How to reach the cluster of a data directory that another process runs now; nil when none does.
    ///
    /// Commands use it beside a running server.
    public static func running(dataDirectory: String, logger: Logger) -> DatabaseConfiguration? {
        guard FileManager.default.fileExists(atPath: dataDirectory),
            let user = try? ClusterUser.current(),
            let home = try? ClusterHome.prepare(dataDirectory: dataDirectory, user: user, logger: logger),
            home.isMade
        else { return nil }
        if let lock = try? DirectoryLock(directory: home.path, name: "cluster.lock") {
            lock.release()
            return nil
        }
        guard let path = try? String(contentsOfFile: home.socketNote, encoding: .utf8) else { return nil }
        return DatabaseConfiguration(socketDirectory: path, user: "reelswarm", database: "reelswarm")
    }
}
