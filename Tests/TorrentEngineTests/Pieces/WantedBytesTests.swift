import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct WantedBytesTests {
    private func pieces(_ wanted: WantedBytes) throws -> [ClosedRange<Int>] {
        let layout = try PieceLayout(totalLength: 95, pieceLength: 10)
        return wanted.pieces(in: layout).map { Int($0.lowerBound.rawValue)...Int($0.upperBound.rawValue) }
    }

    @Test func everythingIsEveryPiece() throws {
        #expect(try pieces(.everything) == [0...9])
        #expect(try pieces(.nothing).isEmpty)
    }

    @Test func aPieceIsWantedForOneByte() throws {
        #expect(try pieces(WantedBytes(ranges: [9..<11])) == [0...1])
        #expect(try pieces(WantedBytes(ranges: [10..<20])) == [1...1])
        #expect(try pieces(WantedBytes(ranges: [94..<95])) == [9...9])
    }

    @Test func whatLiesOutsideIsIgnored() throws {
        #expect(try pieces(WantedBytes(ranges: [-50..<5, 90..<Int64.max, 95..<200, 3..<3])) == [0...0, 9...9])
        #expect(try pieces(WantedBytes(ranges: [Int64.min..<Int64.max])) == [0...9])
        #expect(WantedBytes(ranges: [95..<200]).isEmpty(in: try PieceLayout(totalLength: 95, pieceLength: 10)))
        #expect(WantedBytes.everything.isEmpty(in: try PieceLayout(totalLength: 0, pieceLength: 10)))
    }

    @Test func urgentBytesComeFirst() throws {
        #expect(try pieces(WantedBytes.everything.first(30..<40)) == [3...3, 0...9])
        #expect(try pieces(WantedBytes(ranges: [0..<10]).first(30..<40).first(50..<60)) == [5...5, 3...3, 0...0])
    }

    @Test func mergingWantsBoth() throws {
        let left = WantedBytes(ranges: [0..<10])
        let right = WantedBytes(ranges: [0..<10, 20..<30], order: .inOrder, deadline: .seconds(2))
        #expect(left.merging(right).ranges == [0..<10, 20..<30])
        #expect(left.merging(right).order == .inOrder)
        #expect(left.merging(right).deadline == .seconds(2))
        #expect(left.merging(.everything).ranges == nil)
        #expect(WantedBytes.everything.merging(left) == .everything)
        #expect(left.merging(left.first(5..<6)).urgent == [5..<6])
    }
}
