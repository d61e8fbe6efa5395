import Foundation
import Logging
import Metainfo
import ServiceLifecycle
import TrackerServer

/// Writes the swarms into a file every half minute and at the stop, whole or not at all.
actor SwarmStateKeeper: Service {
    private let path: String
    private let tracker: Tracker
    private let roll: SwarmRoll
    private let tagSeed: UInt64
    private let logger: Logger
    private var isBehind = true

    init(path: String, tracker: Tracker, roll: SwarmRoll, tagSeed: UInt64, logger: Logger) {
        self.path = path
        self.tracker = tracker
        self.roll = roll
        self.tagSeed = tagSeed
        self.logger = logger
    }

    /// What an earlier run left; nil where there is none, or none that can be read, which is logged.
    static func load(path: String, logger: Logger) -> SwarmStateFile.Content? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let content = SwarmStateFile.parse(Array(data)) else {
            logger.warning("\(path) holds no swarms; it will be written anew.")
            return nil
        }
        if !content.isWhole { logger.warning("\(path) ends too early; what it holds is taken over.") }
        return content
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(30)) }
            do {
                try save()
            } catch {
                logger.warning("swarms not written", metadata: ["file": "\(path)", "reason": "\(error)"])
            }
        }
    }

    /// Writes the file where anything changed since it was written.
    func save() throws {
        isBehind = roll.takeChanged() || isBehind
        guard isBehind else { return }
        let new = path + ".new"
        guard FileManager.default.createFile(atPath: new, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: new)
        else { throw CommandFailure(message: "\(new) cannot be written.") }
        defer { try? file.close() }
        try write(into: file)
        try file.synchronize()
        guard unsafe rename(new, path) == 0 else { throw CommandFailure(message: "\(path) cannot be written.") }
        isBehind = false
    }

    private func write(into file: FileHandle) throws {
        var bytes = SwarmStateFile.head(savedAt: UInt64(Date().timeIntervalSince1970), tagSeed: tagSeed)
        var empty: Set<InfoHash> = []
        for hash in roll.all {
            let completed = tracker.counts(hash).completed
            let snapshot = tracker.snapshot(of: hash) ?? []
            if snapshot.isEmpty && completed == 0 {
                empty.insert(hash)
                continue
            }
            SwarmStateFile.append(.init(hash: hash, completed: completed, snapshot: snapshot), to: &bytes)
            guard bytes.count > 1 << 20 else { continue }
            try file.write(contentsOf: Data(bytes))
            bytes.removeAll(keepingCapacity: true)
        }
        try file.write(contentsOf: Data(bytes))
        roll.drop(empty)
    }
}
