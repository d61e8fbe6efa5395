import Foundation

/// `ports.json` in the data directory: the ports that were bound, for scripts and tests that asked for port 0.
struct PortsFile: Codable {
    let http: Int
    let tracker: Int
    let peer: Int

    private static func location(in dataDirectory: URL) -> URL { dataDirectory.appending(path: "ports.json") }

    /// Writes the file whole or not at all.
    func write(in dataDirectory: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(self).write(to: Self.location(in: dataDirectory), options: .atomic)
    }

    /// Removes what an earlier run left, so that the file's presence means readiness.
    static func remove(in dataDirectory: URL) {
        try? FileManager.default.removeItem(at: location(in: dataDirectory))
    }
}
