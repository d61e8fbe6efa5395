import Foundation
import Synchronization

/// A progress bar on standard error, drawn only on a terminal and at most ten times a second.
final class ProgressLine: Sendable {
    private let label: String
    private let isTerminal = isatty(2) == 1
    private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

    init(label: String) { self.label = label }

    /// Draws how much of the work is done.
    func show(_ done: Int64, of total: Int64) {
        guard isTerminal, total > 0, isTime() else { return }
        let share = min(1, Double(done) / Double(total))
        let bar = String(repeating: "█", count: Int(share * 30)).padding(toLength: 30, withPad: "░", startingAt: 0)
        write("\r\(label) \(bar) \(Int(share * 100)) %  \(Output.size(done)) of \(Output.size(total)) ")
    }

    /// Clears the line.
    func finish() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private func isTime() -> Bool {
        lastDrawn.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
