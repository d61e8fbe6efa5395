import ArgumentParser
import Foundation
import Metainfo
import TorrentCreation

/// `reelswarm create PATH -o FILE.torrent`: makes a torrent from a file or a folder.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a .torrent file from a film or a folder.")

    @Argument(help: "The file or folder.") var path: String
    @Option(name: [.customShort("o"), .long], help: "The .torrent file to write.") var output: String
    @Option(help: "Tracker URL; repeatable, each a tier of its own.") var announce: [String] = []
    @Option(help: "URL of the same content over HTTP (BEP 19); repeatable.") var webSeed: [String] = []
    @Option(help: "v1; hybrid and v2 come with a later version.") var format = "v1"
    @Option(help: "Bytes of a piece, a power of two from 16384 (default: by size).") var pieceLength: Int?
    @Flag(name: .customLong("private"), help: "Peers from the trackers only (BEP 27).") var isPrivate = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        guard format == "v1" else { throw CommandFailure.usage("This version makes v1 torrents only.") }
        let created = try await hash()
        let torrent = try Torrent(
            infoBytes: created.infoBytes, announceTiers: announce.map { [$0] }, webSeeds: webSeed,
            creationDate: Int64(Date().timeIntervalSince1970), createdBy: ReelswarmVersion.text)
        do {
            try Data(torrent.encoded()).write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(message: "\(output) cannot be written.")
        }
        if json {
            try Output.json(TorrentReport(torrent: torrent))
        } else {
            print("\(output)  \(created.infoHash.hex)")
        }
    }

    private func hash() async throws -> CreatedTorrent {
        let bar = ProgressLine(label: "hashing")
        defer { bar.finish() }
        do {
            let options = CreationOptions(pieceLength: pieceLength, isPrivate: isPrivate)
            return try await makeTorrent(path: path, options: options) {
                bar.show($0.hashedLength, of: $0.totalLength)
            }
        } catch {
            throw CommandFailure(message: error.description)
        }
    }
}
