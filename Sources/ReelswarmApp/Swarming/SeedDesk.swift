import Foundation
import Mediaspace
import Metainfo
import TorrentCreation

/// What `seed` tells: a line on standard output for each torrent, problems on standard error, and the line of the
/// terminal.
final class SeedDesk: Sendable {
    /// One torrent that is seeded.
    struct Report: Encodable {
        let infohash: String
        let name: String
        let path: String
        let magnet: String
    }

    private let json: Bool
    private let line: SwarmLine

    init(json: Bool, line: SwarmLine) {
        self.json = json
        self.line = line
    }

    /// Whether anybody sees the line.
    var isOnTerminal: Bool { line.isTerminal }

    /// A torrent is seeded now.
    func tell(_ id: MediaID, in space: Space) {
        guard let torrent = space.torrent(id), let path = try? space.path(of: id) else { return }
        let report = Report(
            infohash: id.description, name: torrent.info.name, path: path, magnet: Self.magnet(torrent))
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            if let data = try? encoder.encode(report) { say(String(decoding: data, as: UTF8.self)) }
        } else {
            say("seeding \(LineLogHandler.escape(path, quote: false))  \(id)")
        }
    }

    /// A look into a watched folder has brought something about.
    func tell(_ result: RescanResult, in space: Space) {
        for id in result.added { tell(id, in: space) }
        if !json { for id in result.removed { say("stopped \(id)") } }
        for problem in result.problems { complain(problem) }
    }

    /// How it goes.
    func show(_ statuses: [MediaStatus]) { line.show(statuses) }

    /// How far the hashing of a film is.
    func showHashing(_ path: String, _ done: Int64, _ total: Int64) {
        line.show(hashing: URL(filePath: path).lastPathComponent, done: done, of: total)
    }

    /// Something cannot be done.
    func complain(_ sentence: String) {
        line.clear()
        FileHandle.standardError.write(Data("reelswarm: \(LineLogHandler.escape(sentence, quote: false))\n".utf8))
    }

    private func say(_ text: String) {
        line.clear()
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    private static func magnet(_ torrent: Torrent) -> String {
        var link = MagnetLink(infoHashV1: torrent.infoHashV1, infoHashV2: torrent.infoHashV2)
        link.displayName = torrent.info.name
        link.trackers = torrent.announceTiers.flatMap { $0 }
        return link.formatted()
    }
}
