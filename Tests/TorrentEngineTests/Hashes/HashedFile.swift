import ByteCoding
import Cryptography
import Foundation
import Metainfo
import TestSupport

@testable import TorrentEngine

/// A made-up file with all hashes of its tree, computed layer by layer without the code under test.
struct HashedFile {
    let bytes: [UInt8]
    let pieceLength: Int
    /// Padded layers, the leaves first and the root last.
    let layers: [[[UInt8]]]
    let pieceLayer: [UInt8]
    let root: [UInt8]

    init(length: Int, pieceLength: Int, seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        // Every block differs, which is all that counts here.
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: seed), count: length)
        for start in stride(from: 0, to: length, by: 16_384) { bytes[start] = UInt8(truncatingIfNeeded: random.next()) }
        for start in stride(from: 1, to: length, by: 16_384) { bytes[start] = UInt8(truncatingIfNeeded: random.next()) }
        self.bytes = bytes
        self.pieceLength = pieceLength
        var layer = stride(from: 0, to: length, by: 16_384).map { start in
            Digest.sha256(Array(bytes[start..<min(length, start + 16_384)]))
        }
        let blocks = layer.count
        while layer.count & (layer.count - 1) != 0 { layer.append([UInt8](repeating: 0, count: 32)) }
        var layers = [layer]
        while layer.count > 1 {
            layer = stride(from: 0, to: layer.count, by: 2).map { Digest.sha256(layer[$0] + layer[$0 + 1]) }
            layers.append(layer)
        }
        self.layers = layers
        root = layer[0]
        let level = (pieceLength / 16_384).trailingZeroBitCount
        let pieces = (length + pieceLength - 1) / pieceLength
        pieceLayer = blocks * 16_384 > pieceLength ? layers[level][..<pieces].flatMap { $0 } : []
    }

    /// The info dictionary of a torrent of version 2 of this file alone.
    func info() throws -> TorrentInfo {
        var text = Array("d9:file treed8:film.mkvd0:d6:lengthi\(bytes.count)e11:pieces root32:".utf8)
        text += root
        text += Array("eee12:meta versioni2e4:name8:film.mkv12:piece lengthi\(pieceLength)ee".utf8)
        return try TorrentInfo(decoding: text)
    }

    func pieceLayers() throws -> PieceLayers {
        PieceLayers(info: try info(), layers: pieceLayer.isEmpty ? [:] : [root: pieceLayer])
    }

    /// Reads like a file.
    func read(_ offset: Int64, _ out: UnsafeMutableRawBufferPointer) -> Bool {
        guard offset >= 0, Int(offset) + out.count <= bytes.count else { return false }
        out.copyBytes(from: bytes[Int(offset)..<Int(offset) + out.count])
        return true
    }
}
