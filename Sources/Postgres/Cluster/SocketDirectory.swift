import Foundation

/// The private folder of the cluster's socket, with a short path since socket addresses hold about 100 bytes. Its path
/// is noted in the cluster's home, so that the next start removes what a killed program left.
struct SocketDirectory: Sendable {
    let path: String

    static func make(for home: ClusterHome) throws(ClusterError) -> SocketDirectory {
        removeLeftOver(home)
        var template = Array((base(home.user) + "/reelswarm-XXXXXX").utf8CString)
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

    private static func base(_ user: ClusterUser) -> String {
        let runtime = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? ""
        return !user.isOther && runtime.hasPrefix("/") && runtime.utf8.count <= 60 && access(runtime, W_OK) == 0
            ? runtime : "/tmp"
    }
}
