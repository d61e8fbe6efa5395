import ByteCoding
import Dispatch
import Foundation
import Metainfo
import TorrentEngine

/// The readable protocol log: one line an event, with time, torrent, peer, direction and words.
///
/// The engine's thread only appends to a list; a queue of its own writes. More than 100,000 waiting lines are dropped and
/// counted.
final class ProtocolLog: Sendable {
    private let handle: FileHandle
    private let start = ContinuousClock.now
    private let backlog = LineBacklog(limit: 100_000)
    private let queue = DispatchQueue(label: "reelswarm.protocol-log")

    /// Opens a file, whose earlier content goes. Throws a sentence when it cannot be written.
    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CommandFailure(message: "\(path) cannot be written.") }
        self.handle = handle
    }

    /// Takes one event.
    func write(_ event: ProtocolEvent) {
        let line = Self.line(event, at: ContinuousClock.now - start)
        if backlog.append(line) { queue.async { self.drain() } }
    }

    /// Waits until everything is written, and ends.
    func close() {
        queue.sync { drain() }
        try? handle.close()
    }

    /// `   1.204 0a1b2c3d 127.0.0.1:6881          < unchoke`. Text from outside cannot break the line.
    static func line(_ event: ProtocolEvent, at time: Duration) -> String {
        let seconds = time / .seconds(1)
        let torrent = event.infoHash.map { String($0.hex.prefix(8)) } ?? "-"
        let peer = event.peer?.description ?? "-"
        let arrow =
            switch event.direction {
            case .sent: ">"
            case .received: "<"
            case .noted: "*"
            }
        let text = LineLogHandler.escape(event.text, quote: false)
        return String(format: "%9.3f ", seconds) + torrent.padding(toLength: 8, withPad: " ", startingAt: 0) + " "
            + peer.padding(toLength: max(22, peer.count), withPad: " ", startingAt: 0) + " \(arrow) \(text)"
    }

    private func drain() {
        while let (lines, dropped) = backlog.take() {
            let text = dropped > 0 ? lines + "(\(dropped) lines dropped)\n" : lines
            try? handle.write(contentsOf: Data(text.utf8))
        }
    }
}
