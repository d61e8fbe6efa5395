import ByteCoding
import Metainfo
import Synchronization

/// Tells who announces as a leecher, so that the seeder of this process can dial him.
final class LeecherFeed: Sendable {
    typealias Stream = AsyncStream<(InfoHash, Endpoint)>

    private struct State {
        var listeners: [Int: Stream.Continuation] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())
    private let hasListeners = Atomic(false)

    /// Events from now on; a listener that does not keep up misses the oldest.
    func listen() -> Stream {
        let (stream, continuation) = Stream.makeStream(bufferingPolicy: .bufferingNewest(1024))
        let number = state.withLock { state in
            state.nextNumber += 1
            state.listeners[state.nextNumber] = continuation
            hasListeners.store(true, ordering: .releasing)
            return state.nextNumber
        }
        continuation.onTermination = { [weak self] _ in self?.leave(number) }
        return stream
    }

    func tell(_ hash: InfoHash, _ endpoint: Endpoint) {
        guard hasListeners.load(ordering: .acquiring) else { return }
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield((hash, endpoint)) }
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.listeners[number] = nil
            hasListeners.store(!state.listeners.isEmpty, ordering: .releasing)
        }
    }
}
