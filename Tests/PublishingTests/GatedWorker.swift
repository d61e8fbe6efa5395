import Foundation

/// The real worker behind a gate: a test holds workers back, counts them, and lets them go on.
struct GatedWorker {
    private let folder: String
    /// The program to start.
    var path: String { folder + "/worker" }
    private var gate: String { folder + "/gate" }
    private var log: String { folder + "/log" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gate-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard mkfifo(gate, 0o600) == 0 else { throw POSIXError(.EIO) }
        let script = """
            #!/bin/sh
            echo $$ >> '\(log)'
            exec 3<> '\(gate)'
            read word <&3
            exec 3>&-
            exec '\(TestSite.workerPath)' "$@"

            """
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o700)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Lets `count` workers go on, those that wait now or come.
    func open(_ count: Int) {
        let descriptor = Foundation.open(gate, O_RDWR | O_NONBLOCK)
        defer { close(descriptor) }
        let words = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
        _ = write(descriptor, words, count)
    }

    /// A descriptor that keeps the words in the gate while no worker has it open.
    func hold() -> CInt { Foundation.open(gate, O_RDWR | O_NONBLOCK) }

    /// Workers that were ever started.
    var started: Int { processes.count }

    /// Workers that are there now.
    var running: Int { processes.count { kill($0, 0) == 0 && !Self.isGone($0) } }

    private var processes: [pid_t] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }

    private static func isGone(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return text.split(separator: ")").last?.hasPrefix(" Z") ?? true
    }

    /// Waits until it is so.
    static func until(_ condition: () async throws -> Bool) async throws {
        while !(try await condition()) { try await Task.sleep(for: .milliseconds(10)) }
    }
}
