import ArgumentParser
import Foundation
import Logging
import Media
import Mediaspace
import Metainfo
import TorrentCreation

/// `reelswarm create PATH -o FILE.torrent`: makes a torrent from a file or a folder.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a .torrent file from a film or a folder.",
        discussion: """
            A torrent that lies there already is replaced, and nothing else is. The torrent carries an index of each \
            film, with which others can fetch a clip of it alone (docs/clip-index.md).
            """)

    @Argument(help: "The file or folder.") var path: String
    @Option(name: [.customShort("o"), .long], help: "The .torrent file to write, or a folder for it.") var output:
        String
    @Option(help: "Tracker URL; repeatable, each a tier of its own.") var announce: [String] = []
    @Option(help: "URL of the same content over HTTP (BEP 19); repeatable.") var webSeed: [String] = []
    @Option(help: "v1, hybrid or v2 (BEP 52; needs clients of version 2).") var format = TorrentFormat.v1.rawValue
    @Option(help: "Bytes of a piece, a power of two from 16384 (default: by size).") var pieceLength: Int?
    @Flag(name: .customLong("private"), help: "Peers from the trackers only (BEP 27).") var isPrivate = false
    @Flag(name: .customLong("no-clip-index"), help: "Leave out the indexes with which clips are fetched alone.")
    var leavesOutClipIndex = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        guard let format = TorrentFormat(rawValue: format) else {
            throw CommandFailure.usage("--format is v1, hybrid or v2.")
        }
        let output = try TorrentOutput(output, of: path).path
        let created = try await hash(format)
        var torrent = try Torrent(
            infoBytes: created.infoBytes, announceTiers: announce.map { [$0] }, webSeeds: webSeed,
            pieceLayers: created.pieceLayers, creationDate: Int64(Date().timeIntervalSince1970),
            createdBy: ReelswarmVersion.text)
        if !leavesOutClipIndex { torrent.clipIndexes = await clipIndexes(of: torrent.info) }
        do {
            try Data(torrent.encoded()).write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(message: "\(output) cannot be written.")
        }
        if json {
            try Output.json(TorrentReport(torrent: torrent))
        } else {
            let hashes = [torrent.infoHashV1?.hex, created.infoHashV2?.hex].compactMap { $0 }
            print(([output] + hashes).joined(separator: "  "))
        }
    }

    /// The clip index of each film. A torrent is one without it: what cannot be looked into has none.
    private func clipIndexes(of info: TorrentInfo) async -> [Int: [UInt8]] {
        let line = ProgressLine(label: "clip index of")
        defer { line.finish() }
        let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
        return await ClipIndexing.indexes(of: info, at: path, by: worker) { line.show($0) }
    }

    private func hash(_ format: TorrentFormat) async throws -> CreatedTorrent {
        let bar = ProgressLine(label: "hashing")
        defer { bar.finish() }
        do {
            let options = CreationOptions(pieceLength: pieceLength, isPrivate: isPrivate, format: format)
            return try await makeTorrent(path: path, options: options) {
                bar.show($0.hashedLength, of: $0.totalLength)
            }
        } catch {
            throw CommandFailure(message: error.description)
        }
    }
}
