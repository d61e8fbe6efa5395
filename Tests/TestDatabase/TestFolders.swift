import Foundation

/// Folders of test clusters, named after the process that made them, so that a later run finds what a crash left.
enum TestFolders {
    private static let prefix = "reelswarm-tests-"

    static func make() throws -> String {
        let path = "/tmp/\(prefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        // PostgreSQL's user must be able to pass through where tests run as root.
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        return path
    }

    /// Removes a cluster's folder, and that of its socket, which the cluster notes.
    static func remove(_ folder: String) {
        let socket = try? String(contentsOfFile: folder + "/postgres/socket", encoding: .utf8)
        for path in [socket, folder].compactMap({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Removes the folders of processes that are gone; their servers ended with them.
    static func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? [] where name.hasPrefix(prefix) {
            guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ pid_t($0) }),
                kill(owner, 0) != 0, errno == ESRCH
            else { continue }
            remove("/tmp/" + name)
        }
    }
}
