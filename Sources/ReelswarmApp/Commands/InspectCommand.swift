import ArgumentParser
import Foundation
import Metainfo

/// `reelswarm inspect FILE.torrent|MAGNET`: every field as other clients see it.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what is in a .torrent file or a magnet link.")

    @Argument(help: "A .torrent file or a magnet link.") var source: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let report = source.hasPrefix("magnet:") ? try magnet() : TorrentReport(torrent: try Self.torrent(at: source))
        if json { try Output.json(report) } else { Output.facts(report.lines) }
    }

    private func magnet() throws -> TorrentReport {
        do {
            return TorrentReport(magnet: try MagnetLink(source))
        } catch {
            throw CommandFailure(message: "That is no usable magnet link: \(error).")
        }
    }

    /// The torrent in a file. Throws a sentence where there is none; no more is read than a torrent may have.
    static func torrent(at path: String) throws -> Torrent {
        let limit = MetainfoLimits.default.bytes
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: limit + 1)
        else { throw CommandFailure(message: "\(path) cannot be read.") }
        try? handle.close()
        guard data.count <= limit else {
            throw CommandFailure(message: "\(path) is no usable .torrent file: it is too large.")
        }
        do {
            return try Torrent(decoding: Array(data))
        } catch {
            throw CommandFailure(message: "\(path) is no usable .torrent file: \(error).")
        }
    }
}
