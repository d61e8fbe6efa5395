import Cryptography
import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct PieceLayersTests {
    @Test func aLayerIsTakenOnlyWhenItLeadsToTheRoot() throws {
        let file = HashedFile(length: 200_000, pieceLength: 32_768)
        var layers = PieceLayers(info: try file.info())
        #expect(!layers.isComplete)
        #expect(layers.missing.map(\.piecesRoot) == [file.root])
        #expect(layers.root(of: PieceIndex(0)) == nil)
        var wrong = file.pieceLayer
        wrong[40] ^= 1
        let refused = [
            (wrong, file.root), (Array(file.pieceLayer.dropLast(32)), file.root),
            (file.pieceLayer + [UInt8](repeating: 0, count: 32), file.root),
            (file.pieceLayer, [UInt8](repeating: 7, count: 32)),
        ]
        for (layer, root) in refused {
            let isTaken = layers.add(layer, root: root)
            #expect(!isTaken)
        }
        let isTaken = layers.add(file.pieceLayer, root: file.root)
        #expect(isTaken)
        #expect(layers.isComplete)
        #expect(layers.dictionary == [file.root: file.pieceLayer])
    }

    @Test func eachPieceHasItsHashAndTheWidthOfItsTree() throws {
        let file = HashedFile(length: 200_000, pieceLength: 65_536)
        let layers = try file.pieceLayers()
        for piece in 0..<4 {
            let root = try #require(layers.root(of: PieceIndex(UInt32(piece))))
            #expect(Array(root.hash) == file.layers[2][piece])
            #expect(root.width == 4)
            #expect(root.length == (piece == 3 ? 200_000 - 3 * 65_536 : 65_536))
        }
        #expect(layers.root(of: PieceIndex(4)) == nil)
    }

    @Test(arguments: [(1, 1), (16_384, 1), (16_385, 2), (40_000, 4), (65_536, 4)])
    func aFileOfOnePieceNeedsNoLayer(length: Int, width: Int) throws {
        let file = HashedFile(length: length, pieceLength: 65_536)
        let layers = try file.pieceLayers()
        #expect(layers.isComplete)
        #expect(
            layers.root(of: PieceIndex(0)) == PieceRoot(hash: file.root[...], length: length, width: width))
    }
}
