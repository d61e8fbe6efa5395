import Foundation
import Mediaspace
import Synchronization

/// The one line on a terminal that shows how a download or the seeding goes; nothing where there is no terminal.
final class SwarmLine: Sendable {
    /// Whether there is a terminal to draw on.
    let isTerminal = isatty(2) == 1
    private let isShown = Mutex(false)
    private let hashingShown = Mutex<ContinuousClock.Instant?>(nil)
    private let encoding = Mutex(Encoding())

    /// A clip that is encoded while it is fetched, or afterwards.
    private struct Encoding {
        var share: Double?
        var isFetching = true
    }

    /// Shows the line of a status; nothing where all is fetched and the encoding is shown.
    func show(_ status: MediaStatus) {
        let share = encoding.withLock { encoding in
            encoding.isFetching = status.state == .downloading
            return encoding.share
        }
        guard let share else { return show(Self.text(status)) }
        if status.state == .downloading { show(Self.text(status) + ["encoding \(Int(share * 100)) %"]) }
    }

    /// Shows how far the encoding of a clip is, 0...1, when nothing is fetched any more.
    func show(encoding share: Double) {
        let share = max(0, min(1, share))
        let isFetching = encoding.withLock { encoding in
            encoding.share = share
            return encoding.isFetching
        }
        if !isFetching { show(["encoding \(Self.bar(share)) \(Int(share * 100)) %"]) }
    }

    /// Shows a summary of all that is seeded.
    func show(_ statuses: [MediaStatus]) { show(Self.text(statuses)) }

    /// Shows how far the hashing of a film is, ten times a second at most.
    func show(hashing name: String, done: Int64, of total: Int64) {
        let now = ContinuousClock.now
        let isTime = hashingShown.withLock { last in
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
        guard isTime, total > 0 else { return }
        let share = Double(done) / Double(total)
        show([
            "hashing \(LineLogHandler.escape(Self.shortened(name, to: 32), quote: false)) \(Self.bar(share)) \(Int(share * 100)) %"
        ])
    }

    /// Clears the line; a later `show` draws it again.
    func clear() {
        guard isTerminal,
            isShown.withLock({ shown in
                defer { shown = false }; return shown
            })
        else { return }
        FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
    }

    private func show(_ parts: [String]) {
        guard isTerminal else { return }
        isShown.withLock { $0 = true }
        let line = Self.fit(parts, width: Self.width() - 1)
        FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8))
    }

    /// The parts of a status, the most important first.
    static func text(_ status: MediaStatus) -> [String] {
        let name = LineLogHandler.escape(shortened(status.name ?? status.id.description, to: 32), quote: false)
        let peers = "\(status.peers) \(status.peers == 1 ? "peer" : "peers")"
        // What is wanted of it shows only when it has been looked into.
        if status.state == .downloading, status.wantedBytes == 0 { return [name, "preparing", peers] }
        var parts = ["\(name) \(bar(status.progress)) \(Int(status.progress * 100)) %"]
        if status.state == .downloading {
            parts.append("↓ \(rate(status.downloadRate))")
            if let eta = status.eta { parts.append("\(time(eta)) left") }
        } else {
            parts.append(status.state.description)
        }
        parts.append(peers)
        parts.append("↑ \(rate(status.uploadRate))")
        parts.append("\(Output.size(status.doneBytes)) of \(Output.size(status.wantedBytes))")
        return parts
    }

    /// The parts of a summary.
    static func text(_ statuses: [MediaStatus]) -> [String] {
        let active = statuses.filter(\.isActive)
        let seeding = active.count { $0.state == .seeding }
        let peers = active.reduce(0) { $0 + $1.peers }
        let sent = active.reduce(0) { $0 + $1.uploaded }
        var parts = ["seeding \(seeding)"]
        if active.count > seeding { parts.append("preparing \(active.count - seeding)") }
        return parts + [
            "↑ \(rate(active.reduce(0) { $0 + $1.uploadRate }))", "\(peers) \(peers == 1 ? "peer" : "peers")",
            "sent \(Output.size(sent))",
        ]
    }

    /// As many of the parts as fit.
    static func fit(_ parts: [String], width: Int) -> String {
        var line = ""
        for part in parts {
            let longer = line.isEmpty ? part : "\(line)  \(part)"
            guard longer.count <= width else { break }
            line = longer
        }
        return line.isEmpty ? String((parts.first ?? "").prefix(max(0, width))) : line
    }

    /// `1:02:03`, `4:05`.
    static func time(_ duration: Duration) -> String {
        let seconds = max(0, min(duration.components.seconds, 359_999))
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let tail = String(format: "%02d", seconds % 60)
        return hours > 0 ? "\(hours):" + String(format: "%02d:", minutes) + tail : "\(minutes):" + tail
    }

    private static func bar(_ share: Double) -> String {
        let done = Int(max(0, min(1, share)) * 20)
        return String(repeating: "█", count: done) + String(repeating: "░", count: 20 - done)
    }

    private static func rate(_ bytes: Double) -> String { Output.size(Int64(max(0, min(bytes, 1e15)))) + "/s" }

    private static func shortened(_ text: String, to length: Int) -> String {
        text.count <= length ? text : String(text.prefix(length - 1)) + "…"
    }

    private static func width() -> Int {
        var size = winsize()
        guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
