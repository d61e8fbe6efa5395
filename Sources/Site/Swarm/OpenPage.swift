import Catalog
import Metainfo
import Synchronization

/// One page that follows counts: what it has not been told yet, of each swarm only the latest.
final class OpenPage: Sendable {
    private struct State {
        var waiting: [InfoHash: [UInt8]] = [:]
        var reader: CheckedContinuation<[UInt8]?, Never>?
        var isClosed = false

        /// Everything that waits, in one piece; nil when nothing does.
        mutating func take() -> [UInt8]? {
            guard let first = waiting.first else { return nil }
            defer { waiting.removeAll() }
            // The usual page has one film, whose bytes are those of all its pages.
            return waiting.count == 1 ? first.value : Array(waiting.values.joined())
        }
    }

    /// The videos of each torrent it shows.
    let slugs: [InfoHash: [Slug]]
    /// Whether events name their video; a page of one video does not need it.
    let namesVideos: Bool
    private let state = Mutex(State())

    init(slugs: [InfoHash: [Slug]], namesVideos: Bool) {
        self.slugs = slugs
        self.namesVideos = namesVideos
    }

    /// Keeps the latest event of a swarm, in place of one that was not sent yet.
    func put(_ hash: InfoHash, _ event: [UInt8]) {
        state.withLock { state in if !state.isClosed { state.waiting[hash] = event } }
    }

    /// Hands what waits to whoever reads.
    func wake() {
        let (reader, events) = state.withLock { state -> (CheckedContinuation<[UInt8]?, Never>?, [UInt8]?) in
            guard let reader = state.reader, let events = state.take() else { return (nil, nil) }
            state.reader = nil
            return (reader, events)
        }
        reader?.resume(returning: events)
    }

    /// The next events, at once when some wait; nil after `close`. One reader at a time.
    func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let now: [UInt8]?? = state.withLock { state in
                if let events = state.take() { return .some(events) }
                if state.isClosed || state.reader != nil { return .some(nil) }
                state.reader = continuation
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Takes nothing in any more; what waits is still read.
    func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
