import Metainfo
import Synchronization

/// What one follower has not yet heard of: each torrent at most once, however often it changes meanwhile.
final class ChangeMailbox: Sendable {
    private struct State {
        var waiting: Set<InfoHash> = []
        var order: [InfoHash] = []
        var head = 0
        var reader: CheckedContinuation<InfoHash?, Never>?
        var isClosed = false

        mutating func pop() -> InfoHash? {
            guard head < order.count else { return nil }
            let hash = order[head]
            head += 1
            waiting.remove(hash)
            if head == order.count {
                order.removeAll(keepingCapacity: head < 1024)
                head = 0
            } else if head > 4096 {
                order.removeFirst(head)
                head = 0
            }
            return hash
        }
    }

    private let state = Mutex(State())

    func put(_ hash: InfoHash) {
        let reader = state.withLock { state -> CheckedContinuation<InfoHash?, Never>? in
            guard !state.isClosed else { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            if state.waiting.insert(hash).inserted { state.order.append(hash) }
            return nil
        }
        reader?.resume(returning: hash)
    }

    /// The next torrent that changed; nil when the mailbox is closed.
    func next() async -> InfoHash? {
        await withCheckedContinuation { continuation in
            let now: InfoHash?? = state.withLock { state in
                if let hash = state.pop() { return .some(hash) }
                if state.isClosed || state.reader != nil { return .some(nil) }
                state.reader = continuation
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
