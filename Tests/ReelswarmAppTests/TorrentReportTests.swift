import Cryptography
import Foundation
import Metainfo
import Testing

@testable import ReelswarmApp

/// What `inspect` says of the three formats.
@Suite struct TorrentReportTests {
    private func torrent(_ format: TorrentFormat, layer: [UInt8]? = nil) throws -> Torrent {
        let leaves = (0..<3).flatMap { Digest.sha256([UInt8(truncatingIfNeeded: $0)]) }
        let root = MerkleTree.root(ofLeaves: leaves)
        let file = TorrentFile(path: ["film.mp4"], length: 40_000, offset: 0, piecesRoot: root)
        let bytes = InfoDictionary.singleFile(
            format: format, file: file, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 60))
        return try Torrent(infoBytes: bytes, pieceLayers: format.hasV2 ? [root: layer ?? leaves] : [:])
    }

    @Test func version1() throws {
        let torrent = try torrent(.v1)
        let report = TorrentReport(torrent: torrent)
        #expect(report.format == "v1" && report.infohashV2 == nil && report.areLayersRight == nil)
        #expect(report.infohashV1 == InfoHash(bytes: Digest.sha1(torrent.infoBytes))?.hex)
        #expect(report.size == 40_000 && report.pieceCount == 3)
        #expect(!report.lines.contains { $0.name == "piece layers" })
    }

    @Test func hybrid() throws {
        let torrent = try torrent(.hybrid)
        let report = TorrentReport(torrent: torrent)
        #expect(report.format == "hybrid" && report.areLayersRight == true)
        #expect(report.infohashV1 != nil)
        #expect(report.infohashV2 == InfoHashV2(bytes: Digest.sha256(torrent.infoBytes))?.hex)
        #expect(report.files.first?.piecesRoot?.count == 64)
    }

    @Test func version2WithLayersThatAreWrong() throws {
        #expect(TorrentReport(torrent: try torrent(.v2)).areLayersRight == true)
        let report = TorrentReport(torrent: try torrent(.v2, layer: [UInt8](repeating: 7, count: 96)))
        #expect(report.format == "v2" && report.infohashV1 == nil && report.areLayersRight == false)
        #expect(report.lines.contains { $0.name == "piece layers" && $0.value.hasPrefix("do not lead") })
        let json = try JSONEncoder().encode(report)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object["piece_layers_right"] as? Bool == false && object["format"] as? String == "v2")
    }
}
