import CLibPQ
import Foundation
import Synchronization

/// A connection of its own that waits for notifications on a thread of its own, and is made again when it breaks.
/// Sendable because all but the stop pipe and flag belongs to the thread.
final class Listener: @unchecked Sendable {
    private let configuration: DatabaseConfiguration
    private let channel: SQLIdentifier
    private let deliver: @Sendable (String) -> Void
    private let isStopped = Atomic(false)
    private let wake = Pipe()

    init(
        configuration: DatabaseConfiguration, channel: SQLIdentifier, deliver: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.channel = channel
        self.deliver = deliver
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "postgres-listen"
        thread.stackSize = 1 << 20
        thread.start()
    }

    func stop() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        try? wake.fileHandleForWriting.close()
    }

    private func run() {
        var hasListened = false
        while !isStopped.load(ordering: .sequentiallyConsistent) {
            do throws(PostgresError) {
                let connection = try Connection.open(configuration)
                _ = try connection.run(script: "LISTEN \(channel.quoted)", deadline: Deadline(after: .seconds(5)))
                // Notifications may have been missed while there was no connection.
                if hasListened { deliver("") }
                hasListened = true
                try listen(connection)
            } catch {
                pause()
            }
        }
    }

    private func listen(_ connection: Connection) throws(PostgresError) {
        while !isStopped.load(ordering: .sequentiallyConsistent) {
            while let notification = PQnotifies(connection.raw) {
                deliver(String(cString: notification.pointee.extra))
                PQfreemem(notification)
            }
            wait(PQsocket(connection.raw), milliseconds: -1)
            guard PQconsumeInput(connection.raw) == 1 else { throw connection.lost() }
        }
    }

    private func pause() { wait(-1, milliseconds: Int32.random(in: 500...1000)) }

    /// Waits until the socket can be read, the listener is stopped, or the time is over.
    private func wait(_ socket: Int32, milliseconds: Int32) {
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, milliseconds)
    }
}
