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
        write("\r" + bar(Double(done) / Double(total)) + "  \(Output.size(done)) of \(Output.size(total)) ")
    }

    /// Draws the share of the work that is done, 0...1.
    func show(share: Double) {
        if isTerminal, isTime() { write("\r" + bar(share) + " ") }
    }

    private func bar(_ share: Double) -> String {
        let share = min(1, max(0, share))
        let bar = String(repeating: "█", count: Int(share * 30)).padding(toLength: 30, withPad: "░", startingAt: 0)
        return "\(label) \(bar) \(Int(share * 100)) %"
    }

    /// Shows a file's name, or what fits of its end.
    func show(_ name: String) {
        guard isTerminal else { return }
        let shown = LineLogHandler.escape(name.count > 50 ? "…" + name.suffix(49) : name, quote: false)
        write("\r\u{1b}[K\(label) \(shown) ")
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
