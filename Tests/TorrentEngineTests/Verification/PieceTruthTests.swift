import Cryptography
import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct PieceTruthTests {
    @Test func version1HasASHA1ForEachPiece() throws {
        let torrent = try StoredTorrent(.v1, files: [("film.mp4", 100_000)])
        for piece in torrent.pieces {
            let expected = try #require(torrent.truth.expectation(of: piece))
            #expect(expected.sha1.map(Array.init) == Digest.sha1(try torrent.bytes(of: piece)))
            #expect(expected.tree == nil)
        }
        #expect(torrent.truth.expectation(of: PieceIndex(4)) == nil)
        #expect(torrent.truth.expectation(of: PieceIndex(.max)) == nil)
    }

    @Test func aFileOfOnePieceIsItsRoot() throws {
        let torrent = try StoredTorrent(.v2, files: [("a", 5), ("b", 20_000), ("c", 100_000)])
        let truth = PieceTruth(info: torrent.info)
        let first = try #require(truth.expectation(of: PieceIndex(0))?.tree)
        #expect(first.root == torrent.info.files.first?.piecesRoot)
        #expect(first.width == 1)
        #expect(first.byteCount == 5)
        // Its one leaf is the root.
        #expect(first.leaves == first.root)
        let second = try #require(truth.expectation(of: PieceIndex(1))?.tree)
        #expect(second.width == 2)
        #expect(second.byteCount == 20_000)
        #expect(second.leaves == nil)
        // A layer hash is needed for the third.
        #expect(truth.expectation(of: PieceIndex(2)) == nil)
        let third = try #require(torrent.truth.expectation(of: PieceIndex(5))?.tree)
        #expect(third.width == 2)
        #expect(third.byteCount == 100_000 - 3 * 32_768)
    }

    @Test func aHybridHasBoth() throws {
        let torrent = try StoredTorrent(.hybrid, files: [("a", 40_000), ("b", 40_000)])
        for piece in torrent.pieces {
            let expected = try #require(torrent.truth.expectation(of: piece))
            #expect(expected.sha1 != nil)
            #expect(expected.tree != nil)
        }
        // Without layers, version 1 has to do.
        #expect(PieceTruth(info: torrent.info).expectation(of: PieceIndex(0))?.tree == nil)
        #expect(PieceTruth(info: torrent.info).expectation(of: PieceIndex(0))?.sha1 != nil)
    }

    @Test func hashesOfTheWrongLengthAreNotUsed() throws {
        let torrent = try StoredTorrent(.v2, files: [("film.mp4", 100_000)])
        let short = PieceTruth(info: torrent.info, layerHash: { _ in [1] })
        #expect(short.expectation(of: PieceIndex(0)) == nil)
        let leaves = PieceTruth(
            info: torrent.info, layerHash: { torrent.truth.expectation(of: $0)?.tree?.root },
            leafHashes: { _ in [1, 2, 3] })
        #expect(leaves.expectation(of: PieceIndex(0))?.tree?.leaves == nil)
        #expect(PieceTruth(info: torrent.info, pieceLayers: [:]).expectation(of: PieceIndex(0)) == nil)
    }

    @Test func theLayersOfATorrentAreTheSameTruth() throws {
        let torrent = try StoredTorrent(.v2, files: [("a", 5), ("b", 200_000)])
        let layers = PieceLayers(info: torrent.info, layers: torrent.pieceLayers)
        let truth = PieceTruth(info: torrent.info, layers: layers)
        for piece in torrent.pieces {
            let tree = try #require(truth.expectation(of: piece)?.tree)
            #expect(tree.root == torrent.truth.expectation(of: piece)?.tree?.root)
        }
    }
}
