import Dispatch
import Foundation

/// Writes log lines to standard error on a thread of its own, so that a full pipe never stops an event loop.
///
/// At most 10,000 lines wait; further ones are dropped and counted, and the count is said when the pipe moves again.
final class LogSink: Sendable {
    private let backlog = LineBacklog(limit: 10_000)
    private let queue = DispatchQueue(label: "reelswarm.log")

    /// Appends one line, without its end of line.
    func write(_ line: String) {
        if backlog.append(line) { queue.async { self.drain() } }
    }

    /// Waits, one second at most, until what was written is out.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + 1)
    }

    private func drain() {
        while let (lines, dropped) = backlog.take() {
            let notice = "{\"level\":\"warning\",\"message\":\"\(dropped) log lines dropped\"}\n"
            let text = dropped > 0 ? lines + notice : lines
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { break }
                bytes = bytes.dropFirst(written)
            }
        }
    }
}
