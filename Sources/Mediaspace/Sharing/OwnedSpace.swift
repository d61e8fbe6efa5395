import Foundation
import Logging
import Synchronization

/// The directory as held by this process: its lock, its engine, and the socket at which others come in.
final class OwnedSpace: Sendable {
    /// The number of the process that holds the lock, among the sessions.
    static let ownSession: SpaceOwner.Session = 0

    let owner: SpaceOwner
    /// The TCP port for peers.
    let port: Int
    private let lock: SpaceLock
    private let listener: LocalListener
    private let folder: SpaceFolder
    private let guests = Mutex(Guests())

    private struct Guests {
        var next: SpaceOwner.Session = 1
        var open: [SpaceOwner.Session: LocalConnection] = [:]
        var isClosed = false
    }

    /// Begins to serve the directory, whose lock is held. Throws when the peer port or the socket cannot be had.
    init(
        lock: SpaceLock, folder: SpaceFolder, swarm: any Swarm, logger: Logger,
        own: @escaping @Sendable (MediaStatus) -> Void
    ) async throws(SpaceError) {
        self.lock = lock
        self.folder = folder
        owner = SpaceOwner(folder: folder, swarm: swarm, logger: logger)
        do {
            port = try await owner.start()
            listener = try LocalListener(path: folder.socket)
        } catch {
            await owner.stop()
            throw error
        }
        await owner.enter(Self.ownSession, listener: own)
        listener.start { [weak self] in self?.accept($0) }
    }

    /// Saves, says goodbye to the swarm, and lets another process take the directory over.
    func close() async {
        // Guests go first: what they wish from now on is for the next owner. They try until the lock is free.
        listener.close()
        let open = guests.withLock { guests in
            guests.isClosed = true
            return Array(guests.open.values)
        }
        for connection in open { connection.close() }
        await owner.stop()
        if await owner.entries.isEmpty { folder.removeIfEmpty() }
        lock.release()
    }

    private func accept(_ connection: LocalConnection) {
        let session = guests.withLock { guests -> SpaceOwner.Session? in
            guard !guests.isClosed else { return nil }
            defer { guests.next += 1 }
            guests.open[guests.next] = connection
            return guests.next
        }
        guard let session else { return connection.close() }
        // What a process says is done in the order in which it says it.
        let (messages, continuation) = AsyncStream.makeStream(of: RequestMessage.self)
        connection.start(
            LocalConnection.Receiver(
                frame: { frame in
                    if let message = try? JSONDecoder().decode(RequestMessage.self, from: Data(frame)) {
                        continuation.yield(message)
                    } else {
                        connection.close()
                    }
                },
                closed: { continuation.finish() }))
        Task { await serve(messages, session, connection) }
    }

    private func serve(
        _ messages: AsyncStream<RequestMessage>, _ session: SpaceOwner.Session, _ connection: LocalConnection
    ) async {
        await owner.enter(session) { Self.send(.status($0), to: connection) }
        let fetches = RunningFetches()
        await withDiscardingTaskGroup { group in
            for await message in messages {
                switch message.request {
                case .fetch:
                    // It may wait for long, and nothing else has to wait for it.
                    let fetch = fetches.begin(message.number) { await self.answer(message, session, connection) }
                    group.addTask { await fetch.value }
                case .withdraw(let number): fetches.cancel(number)
                default: await answer(message, session, connection)
                }
            }
            fetches.cancelAll()
        }
        guests.withLock { _ = $0.open.removeValue(forKey: session) }
        await owner.leave(session)
    }

    private func answer(_ message: RequestMessage, _ session: SpaceOwner.Session, _ connection: LocalConnection) async {
        let reply = await owner.perform(message.request, for: session)
        Self.send(.reply(number: message.number, reply), to: connection)
    }

    private static func send(_ message: OwnerMessage, to connection: LocalConnection) {
        if let data = try? JSONEncoder().encode(message) { connection.send(Array(data)) }
    }
}
