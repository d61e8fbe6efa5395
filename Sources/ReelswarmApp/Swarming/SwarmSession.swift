import Foundation
import Logging
import Mediaspace

/// An open space for the length of one command, with the protocol log and the file for the port.
struct SwarmSession: Sendable {
    let space: Space
    let logger: Logger
    private let log: ProtocolLog?
    private let portsFile: String?

    /// Opens a space on a directory. Throws a sentence.
    static func open(_ directory: String, settings: SwarmSettings) async throws -> SwarmSession {
        let log = try settings.log.map { try ProtocolLog(path: $0) }
        var configuration = settings.space
        if let log { configuration.onEvent = { log.write($0) } }
        let logger = Logger(label: "swarm")
        do {
            let space = try await Space.open(
                directory, scanning: false, configuration: configuration, logger: logger)
            let session = SwarmSession(space: space, logger: logger, log: log, portsFile: settings.portsFile)
            try await session.announceReadiness()
            return session
        } catch let error as SpaceError {
            throw CommandFailure(message: error.message)
        }
    }

    /// Ends everything, in order.
    func close() async {
        await space.close()
        if let portsFile { try? FileManager.default.removeItem(atPath: portsFile) }
        log?.close()
    }

    private func announceReadiness() async throws {
        guard let portsFile, let port = await space.port else { return }
        do {
            try Data("{\"peer\":\(port)}\n".utf8).write(to: URL(filePath: portsFile), options: .atomic)
        } catch {
            await space.close()
            throw CommandFailure(message: "\(portsFile) cannot be written.")
        }
    }

    /// Prepares logging for a command that prints on standard output.
    static func bootstrap(_ settings: SwarmSettings) {
        let level = settings.logLevel
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: level) }
        OpenFileLimit.raise()
    }
}
