import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct PieceSetTests {
    @Test(arguments: [0, 1, 7, 63, 64, 65, 130, 1000])
    func agreesWithABitfield(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        var bitfield = Bitfield(count: count)
        for piece in 0..<count where random.index(below: 3) == 0 { bitfield[piece] = true }
        let set = PieceSet(bitfield, count: count)
        #expect(set.setCount == bitfield.setCount)
        #expect((0..<count).allSatisfy { set[$0] == bitfield[$0] })
        var listed: [Int] = []
        set.forEach { listed.append($0) }
        #expect(listed == (0..<count).filter { bitfield[$0] })
    }

    @Test func aBitfieldOfAnotherSizeIsCut() {
        #expect(PieceSet(Bitfield(full: 100), count: 70).setCount == 70)
        #expect(PieceSet(Bitfield(full: 3), count: 70).setCount == 3)
        #expect(PieceSet(Bitfield(full: 3), count: -1).count == 0)
    }

    @Test func piecesOutsideAreNotInIt() {
        var set = PieceSet(count: 10)
        set[-1] = true
        set[10] = true
        set.insert(8...200)
        #expect(set.setCount == 2)
        #expect(!set[-1] && !set[10] && set[9])
    }

    @Test func searchesLikeALoop() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let count = 1 + random.index(below: 300)
            var left = PieceSet(count: count)
            var right = PieceSet(count: count)
            for _ in 0..<random.index(below: 20) { left[random.index(below: count)] = true }
            for _ in 0..<random.index(below: 200) { right[random.index(below: count)] = true }
            let from = random.index(below: count + 10) - 5
            let to = random.index(below: count + 10)
            let range = (0..<count).filter { $0 >= from && $0 < to }
            #expect(left.first(from: from, to: to) == range.first { left[$0] })
            #expect(left.firstCommon(with: right, from: from, to: to) == range.first { left[$0] && right[$0] })
            #expect(left.commonCount(with: right) == (0..<count).count { left[$0] && right[$0] })
            var rest = left
            rest.subtract(right)
            #expect((0..<count).allSatisfy { rest[$0] == (left[$0] && !right[$0]) })
            #expect(rest.setCount == left.setCount - left.commonCount(with: right))
        }
    }
}
