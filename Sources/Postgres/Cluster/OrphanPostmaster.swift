import Foundation
import Logging

/// A postmaster that outlived the program that started it. It is stopped rather than taken over, so that a running one
/// is always our own child.
struct OrphanPostmaster {
    let home: ClusterHome
    let logger: Logger

    private var note: String { home.data + "/postmaster.pid" }

    /// Stops the postmaster that `postmaster.pid` names, if it is one of this cluster; removes the file where the
    /// number belongs to some other program by now, which PostgreSQL could not know.
    func clear() async throws {
        guard let number = number() else { return }
        guard kill(number, 0) == 0 || errno == EPERM else { return }
        guard isOurs(number) else {
            try? FileManager.default.removeItem(atPath: note)
            return
        }
        logger.warning("stopping the database server that an earlier run left", metadata: ["pid": "\(number)"])
        for (signal, seconds) in [(SIGINT, 15), (SIGQUIT, 10), (SIGKILL, 5)] {
            guard kill(number, signal) == 0 || errno == ESRCH else {
                throw ClusterError(
                    "The database server \(number) of an earlier run cannot be stopped: \(systemError()).")
            }
            if try await hasEnded(number, within: seconds) { return }
        }
        throw ClusterError("The database server \(number) of an earlier run does not stop.")
    }

    private func number() -> pid_t? {
        guard let text = try? String(contentsOfFile: note, encoding: .utf8),
            let number = text.split(separator: "\n").first.flatMap({ pid_t($0) }), number > 1
        else { return nil }
        return number
    }

    private func isOurs(_ number: pid_t) -> Bool {
        if let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/cwd") {
            return folder == home.data
        }
        guard let line = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else { return false }
        return line.split(separator: 0).contains { $0.elementsEqual(home.data.utf8) }
    }

    private func hasEnded(_ number: pid_t, within seconds: Int) async throws -> Bool {
        for _ in 0..<seconds * 20 {
            if kill(number, 0) != 0 && errno == ESRCH { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
