import Foundation

/// The private folder of the cluster's socket, with a short path since socket addresses hold about 100 bytes. Its path
/// is noted in the cluster's home, so that the next start removes what a killed program left.
struct SocketDirectory: Sendable {
    private static let prefix = "reelswarm-"

    let path: String

    static func make(for home: ClusterHome) throws(ClusterError) -> SocketDirectory {
        let base = base(home.user)
        removeLeftOver(home)
        sweep(base, user: home.user)
        var template = Array((base + "/\(prefix)XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ClusterError("No folder for the database's socket can be made: \(systemError()).")
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try home.user.own(path)
        do {
            try path.write(toFile: home.socketNote, atomically: true, encoding: .utf8)
        } catch { throw ClusterError("The file \(home.socketNote) cannot be written: \(error).") }
        return SocketDirectory(path: path)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private static func removeLeftOver(_ home: ClusterHome) {
        guard let path = try? String(contentsOfFile: home.socketNote, encoding: .utf8),
            path.contains("/reelswarm-"), !path.contains("..")
        else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Removes empty folders of programs that were killed, whose data directory may be gone: a server keeps its socket
    /// in its folder, and makes it within a moment.
    private static func sweep(_ base: String, user: ClusterUser) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        where name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 6 {
            var status = stat()
            guard lstat(base + "/" + name, &status) == 0, status.st_uid == user.userID,
                time(nil) - status.st_mtim.tv_sec > 60
            else { continue }
            rmdir(base + "/" + name)
        }
    }

    private static func base(_ user: ClusterUser) -> String {
        let runtime = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? ""
        return !user.isOther && runtime.hasPrefix("/") && runtime.utf8.count <= 60 && access(runtime, W_OK) == 0
            ? runtime : "/tmp"
    }
}
