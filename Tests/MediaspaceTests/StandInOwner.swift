import Foundation
import Synchronization

@testable import Mediaspace

/// A process that owns a directory, says yes to everything and does nothing, until it dies.
final class StandInOwner: Sendable {
    private let lock: SpaceLock
    private let listener: LocalListener
    private let socket: String
    private let connections = Mutex<[LocalConnection]>([])
    private let asked = Atomic<Bool>(false)

    var wasAsked: Bool { asked.load(ordering: .acquiring) }

    init(_ folder: TemporaryFolder, answers: Bool = true) throws {
        let space = SpaceFolder(folder.path)
        guard let lock = try SpaceLock.take(space) else { throw SpaceError(.unavailable, "The lock is taken.") }
        self.lock = lock
        socket = space.socket
        listener = try LocalListener(path: space.socket)
        listener.start { [weak self] connection in
            self?.connections.withLock { $0.append(connection) }
            let receiver = LocalConnection.Receiver(
                frame: { [weak self] frame in
                    self?.asked.store(true, ordering: .releasing)
                    guard answers, let message = try? JSONDecoder().decode(RequestMessage.self, from: Data(frame)),
                        let data = try? JSONEncoder().encode(Self.reply(to: message))
                    else { return }
                    connection.send(Array(data))
                }, closed: {})
            connection.start(receiver)
        }
    }

    func die() {
        listener.close()
        // What a killed process leaves lying.
        _ = FileManager.default.createFile(atPath: socket, contents: nil)
        lock.release()
        for connection in connections.withLock({ $0 }) { connection.close() }
    }

    private static func reply(to message: RequestMessage) -> OwnerMessage {
        if case .status(let id) = message.request {
            return .reply(number: message.number, .statuses([MediaStatus(id: id, state: .waiting)]))
        }
        return .reply(number: message.number, .done)
    }
}
