import ByteCoding
import ClipIndex
import Foundation
import Metainfo
import TorrentCreation
import TorrentEngine

/// What `inspect` shows.
struct TorrentReport: Encodable {
    struct File: Encodable {
        let path: String
        let length: Int64
        /// The root of the file's Merkle tree (BEP 52).
        let piecesRoot: String?
        /// The index with which clips of it are fetched alone.
        let clipIndex: ClipIndexReport?

        enum CodingKeys: String, CodingKey {
            case path, length
            case piecesRoot = "pieces_root"
            case clipIndex = "clip_index"
        }
    }

    var name: String?
    var format: String?
    var infohashV1: String?
    var infohashV2: String?
    var size: Int64?
    var pieceLength: Int?
    var pieceCount: Int?
    /// Whether the hashes of all pieces lead to their files' roots (BEP 52); nil for version 1.
    var areLayersRight: Bool?
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
        case name, format, size, trackers, files, peers, comment
        case infohashV1 = "infohash_v1"
        case infohashV2 = "infohash_v2"
        case pieceLength = "piece_length"
        case pieceCount = "piece_count"
        case areLayersRight = "piece_layers_right"
        case isPrivate = "private"
        case webSeeds = "web_seeds"
        case exactSources = "exact_sources"
        case createdBy = "created_by"
        case creationDate = "creation_date"
    }

    init(torrent: Torrent) {
        let info = torrent.info
        name = info.name
        format = info.format.rawValue
        infohashV1 = torrent.infoHashV1?.hex
        infohashV2 = torrent.infoHashV2?.hex
        size = info.contentLength
        pieceLength = info.pieceLength
        pieceCount = info.pieceCount
        areLayersRight = info.hasV2 ? PieceLayers(torrent: torrent).isComplete : nil
        isPrivate = info.isPrivate
        trackers = torrent.announceTiers
        webSeeds = torrent.webSeeds
        files = info.files.enumerated().filter { !$1.isPadding }
            .map { number, file in
                File(
                    path: file.path.joined(separator: "/"), length: file.length,
                    piecesRoot: file.piecesRoot.map { Hex.encode($0) },
                    clipIndex: torrent.clipIndexes[number].map { ClipIndexReport($0, fileLength: file.length) })
            }
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
            ("name", name), ("format", format), ("info hash v1", infohashV1), ("info hash v2", infohashV2),
            ("size", size.map { "\($0) bytes (\(Output.size($0)))" }),
            (
                "pieces",
                pieceLength.map { length in pieceCount.map { "\($0) of \(length) bytes" } ?? "of \(length) bytes" }
            ),
            (
                "piece layers",
                areLayersRight.map { $0 ? "lead to the files' roots" : "do not lead to the files' roots" }
            ),
            ("private", isPrivate == true ? "yes" : nil), ("created by", createdBy),
            ("created", creationDate.map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) }),
            ("comment", comment),
        ]
        return optional.compactMap { name, value in value.map { (name, $0) } }
            + trackers.enumerated().flatMap { tier, urls in urls.map { ("tracker, tier \(tier + 1)", $0) } }
            + webSeeds.map { ("web seed", $0) } + peers.map { ("peer", $0) } + exactSources.map { ("source", $0) }
            + files.flatMap { file in
                [("file", "\(file.path) (\(Output.size(file.length)))")]
                    + (file.piecesRoot.map { [("  its root", $0)] } ?? [])
                    + (file.clipIndex.map { [("  its clip index", $0.text)] } ?? [])
            }
    }
}
