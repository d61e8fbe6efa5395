import ArgumentParser
import ByteCoding
import Cryptography
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

/// What `inspect` shows.
struct TorrentReport: Encodable {
    struct File: Encodable {
        let path: String
        let length: Int64
    }

    var name: String?
    var infohashV1: String?
    var infohashV2: String?
    var size: Int64?
    var pieceLength: Int?
    var pieceCount: Int?
    var isPrivate: Bool?
    var trackers: [[String]]
    var webSeeds: [String]
    var files: [File] = []
    var peers: [String] = []
    var exactSources: [String] = []
    var createdBy: String?
    var creationDate: Int64?
    var comment: String?

    enum CodingKeys: String, CodingKey {
        case name, size, trackers, files, peers, comment
        case infohashV1 = "infohash_v1"
        case infohashV2 = "infohash_v2"
        case pieceLength = "piece_length"
        case pieceCount = "piece_count"
        case isPrivate = "private"
        case webSeeds = "web_seeds"
        case exactSources = "exact_sources"
        case createdBy = "created_by"
        case creationDate = "creation_date"
    }

    init(torrent: Torrent) {
        let info = torrent.info
        name = info.name
        infohashV1 = info.hasV1 ? Hex.encode(Digest.sha1(torrent.infoBytes)) : nil
        infohashV2 = info.hasV2 ? Hex.encode(Digest.sha256(torrent.infoBytes)) : nil
        size = info.totalLength
        pieceLength = info.pieceLength
        pieceCount = info.hasV1 ? info.pieces.count / 20 : nil
        isPrivate = info.isPrivate
        trackers = torrent.announceTiers
        webSeeds = torrent.webSeeds
        files = info.files.filter { !$0.isPadding }
            .map { File(path: $0.path.joined(separator: "/"), length: $0.length) }
        createdBy = torrent.createdBy
        creationDate = torrent.creationDate
        comment = torrent.comment
    }

    init(magnet: MagnetLink) {
        name = magnet.displayName
        infohashV1 = magnet.infoHashV1?.hex
        infohashV2 = magnet.infoHashV2.map { Hex.encode($0.bytes) }
        trackers = magnet.trackers.map { [$0] }
        webSeeds = magnet.webSeeds
        peers = magnet.peers.map(\.description)
        exactSources = magnet.exactSources
    }

    /// The report for people, absent fields left out.
    var lines: [(name: String, value: String)] {
        let optional: [(String, String?)] = [
            ("name", name), ("info hash v1", infohashV1), ("info hash v2", infohashV2),
            ("size", size.map { "\($0) bytes (\(Output.size($0)))" }),
            (
                "pieces",
                pieceLength.map { length in pieceCount.map { "\($0) of \(length) bytes" } ?? "of \(length) bytes" }
            ),
            ("private", isPrivate == true ? "yes" : nil), ("created by", createdBy),
            ("created", creationDate.map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) }),
            ("comment", comment),
        ]
        return optional.compactMap { name, value in value.map { (name, $0) } }
            + trackers.enumerated().flatMap { tier, urls in urls.map { ("tracker, tier \(tier + 1)", $0) } }
            + webSeeds.map { ("web seed", $0) } + peers.map { ("peer", $0) } + exactSources.map { ("source", $0) }
            + files.map { ("file", "\($0.path) (\(Output.size($0.length)))") }
    }
}
