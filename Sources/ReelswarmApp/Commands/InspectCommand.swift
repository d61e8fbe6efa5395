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
        let report = source.hasPrefix("magnet:") ? try magnet() : try torrent()
        if json { try Output.json(report) } else { Output.facts(report.lines) }
    }

    private func magnet() throws -> TorrentReport {
        do {
            return TorrentReport(magnet: try MagnetLink(source))
        } catch {
            throw CommandFailure(message: "That is no usable magnet link: \(error).")
        }
    }

    private func torrent() throws -> TorrentReport {
        guard let data = FileManager.default.contents(atPath: source) else {
            throw CommandFailure(message: "\(source) cannot be read.")
        }
        do {
            return TorrentReport(torrent: try Torrent(decoding: Array(data)))
        } catch {
            throw CommandFailure(message: "\(source) is no usable .torrent file: \(error).")
        }
    }
}
