import Dispatch
import Foundation
import Synchronization

/// Writes log lines to standard error on a thread of its own, so that a full pipe never stops an event loop.
///
/// At most 10,000 lines wait; further ones are dropped and counted, and the count is said when the pipe moves again.
final class LogSink: Sendable {
    private struct Backlog {
        var lines: [String] = []
        var dropped = 0
        var isWriting = false
    }

    private static let limit = 10_000
    private let backlog = Mutex(Backlog())
    private let queue = DispatchQueue(label: "reelswarm.log")

    /// Appends one line, without its end of line.
    func write(_ line: String) {
        let begins = backlog.withLock { backlog in
            guard backlog.lines.count < Self.limit else {
                backlog.dropped += 1
                return false
            }
            backlog.lines.append(line)
            defer { backlog.isWriting = true }
            return !backlog.isWriting
        }
        if begins { queue.async { self.drain() } }
    }

    /// Waits, one second at most, until what was written is out.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + 1)
    }

    private func drain() {
        while let text = takeBacklog() {
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { break }
                bytes = bytes.dropFirst(written)
            }
        }
    }

    private func takeBacklog() -> String? {
        backlog.withLock { backlog in
            guard !backlog.lines.isEmpty else {
                backlog.isWriting = false
                return nil
            }
            var text = backlog.lines.joined(separator: "\n") + "\n"
            if backlog.dropped > 0 {
                text += "{\"level\":\"warning\",\"message\":\"\(backlog.dropped) log lines dropped\"}\n"
            }
            backlog.lines.removeAll(keepingCapacity: true)
            backlog.dropped = 0
            return text
        }
    }
}
