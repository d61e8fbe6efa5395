import Foundation
import Synchronization

/// The directory as held by another process: a connection over which wishes go and answers come.
final class GuestSpace: Sendable {
    private struct State {
        var next: UInt64 = 1
        var waiting: [UInt64: CheckedContinuation<SpaceReply?, Never>] = [:]
        var isLost = false
    }

    private let connection: LocalConnection
    private let state = Mutex(State())

    /// Connects to the owner; nil when nobody answers.
    ///
    /// - Parameters:
    ///   - watched: told of the status of what this process watches.
    ///   - lost: called once when the owner has gone.
    init?(
        folder: SpaceFolder, watched: @escaping @Sendable (MediaStatus) -> Void,
        lost: @escaping @Sendable (GuestSpace) -> Void
    ) {
        guard let connection = LocalConnection.connect(to: folder.socket) else { return nil }
        self.connection = connection
        connection.start(
            LocalConnection.Receiver(
                frame: { [self] frame in take(frame, watched) },
                closed: { [self] in
                    loseAll()
                    lost(self)
                }))
    }

    /// Asks the owner; nil when it goes before it answers. Who is cancelled waits for bytes no longer.
    func ask(_ request: SpaceRequest) async -> SpaceReply? {
        guard let number = takeNumber() else { return nil }
        guard case .fetch = request else { return await ask(request, number) }
        return await withTaskCancellationHandler {
            await ask(request, number)
        } onCancel: {
            withdraw(number)
        }
    }

    private func ask(_ request: SpaceRequest, _ number: UInt64) async -> SpaceReply? {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isLost { state.waiting[number] = continuation }
                return !state.isLost
            }
            guard isOpen else { return continuation.resume(returning: nil) }
            guard send(request, number) else { return finish(number, nil) }
            // Whoever was cancelled before there was anything to withdraw.
            if case .fetch = request, Task.isCancelled { withdraw(number) }
        }
    }

    private func takeNumber() -> UInt64? {
        state.withLock { state in
            guard !state.isLost else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func withdraw(_ number: UInt64) {
        if let own = takeNumber() { _ = send(.withdraw(number), own) }
        finish(number, .refused(.cancelled))
    }

    private func send(_ request: SpaceRequest, _ number: UInt64) -> Bool {
        guard let data = try? JSONEncoder().encode(RequestMessage(number: number, request: request)) else {
            return false
        }
        return connection.send(Array(data))
    }

    /// Leaves; `lost` is called for this as well.
    func close() { connection.close() }

    private func take(_ frame: [UInt8], _ watched: (MediaStatus) -> Void) {
        switch try? JSONDecoder().decode(OwnerMessage.self, from: Data(frame)) {
        case .reply(let number, let reply): finish(number, reply)
        case .status(let status): watched(status)
        case nil: connection.close()
        }
    }

    private func finish(_ number: UInt64, _ reply: SpaceReply?) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: reply)
    }

    private func loseAll() {
        let waiting = state.withLock { state in
            state.isLost = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }
}
