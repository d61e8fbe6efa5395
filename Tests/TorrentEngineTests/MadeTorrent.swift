import ByteCoding
import Cryptography
import Foundation
import Metainfo
import TestSupport
import Testing
import TorrentEngine

/// A torrent of random bytes in a temporary file that goes away with it.
final class MadeTorrent: Sendable {
    let bytes: [UInt8]
    let info: [UInt8]
    let hash: InfoHash
    let layout: PieceLayout
    let pieceHashes: [[UInt8]]
    let path: String

    init(length: Int = 300_000, pieceLength: Int = 65_536, seed: UInt64 = 1, isPrivate: Bool = false) throws {
        bytes = Self.random(length, seed: seed)
        layout = try PieceLayout(totalLength: Int64(length), pieceLength: pieceLength)
        let whole = bytes
        pieceHashes = stride(from: 0, to: length, by: pieceLength).map {
            Digest.sha1(Array(whole[$0..<min($0 + pieceLength, length)]))
        }
        info = InfoDictionary.singleFileV1(
            name: "film.mp4", length: Int64(length), pieceLength: pieceLength, pieces: pieceHashes.flatMap { $0 },
            isPrivate: isPrivate)
        hash = try #require(InfoHash(bytes: Digest.sha1(info)))
        path = FileManager.default.temporaryDirectory.appending(path: "engine-test-\(UUID().uuidString)").path()
        try write()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes the file anew, whole.
    func write() throws { try Data(bytes).write(to: URL(filePath: path)) }

    static func hash(of info: [UInt8]) -> InfoHash? { InfoHash(bytes: Digest.sha1(info)) }

    var seeded: SeededTorrent { seeded(content: FileContent(path: path)) }

    func seeded(content: any ContentSource, aliases: [InfoHash] = []) -> SeededTorrent {
        SeededTorrent(infoHash: hash, aliases: aliases, infoBytes: info, layout: layout, content: content)
    }

    private static func random(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { bytes.append(bigEndian: generator.next()) }
        return Array(bytes.prefix(count))
    }
}
