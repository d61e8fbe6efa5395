import Synchronization

/// Lines that wait for whoever writes them. A bounded number: further ones are dropped and counted.
final class LineBacklog: Sendable {
    private struct State {
        var lines: [String] = []
        var dropped = 0
        var isWriting = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Takes a line, without its end of line. True when somebody has to begin writing.
    func append(_ line: String) -> Bool {
        state.withLock { state in
            guard state.lines.count < limit else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            defer { state.isWriting = true }
            return !state.isWriting
        }
    }

    /// All lines that wait, with their ends, and how many were dropped; nil when there is nothing to write any more.
    func take() -> (text: String, dropped: Int)? {
        state.withLock { state in
            guard !state.lines.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer {
                state.lines.removeAll(keepingCapacity: true)
                state.dropped = 0
            }
            return (state.lines.joined(separator: "\n") + "\n", state.dropped)
        }
    }
}
