import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct RarityOrderTests {
    @Test func theRarestComeFirst() {
        var rarity = RarityOrder(pieceCount: 4)
        var random = SeededRandom(seed: 1)
        var all = PieceSet(count: 4)
        all.insert(0...3)
        rarity.reset(all, using: &random)
        for (piece, owners) in [3, 1, 2, 0].enumerated() {
            for _ in 0..<owners { rarity.increment(piece) }
        }
        #expect(rarity.order == [3, 1, 2, 0])
        rarity.decrement(0)
        rarity.decrement(0)
        rarity.decrement(0)
        #expect(Set(rarity.order[rarity.bucket(0)]) == [0, 3])
        rarity.remove(1)
        #expect(Array(rarity.order[rarity.bucket(2)]) == [2])
        #expect(rarity.bucket(1).isEmpty)
    }

    @Test func staysInOrderThroughAnyChange() {
        for seed in 1...20 {
            var random = SeededRandom(seed: UInt64(seed))
            let count = 1 + random.index(below: 60)
            var rarity = RarityOrder(pieceCount: count)
            var pieces = PieceSet(count: count)
            for _ in 0..<400 {
                let piece = random.index(below: count)
                switch random.index(below: 12) {
                case 0..<5: rarity.increment(piece)
                case 5..<8: rarity.decrement(piece)
                case 8, 9:
                    rarity.insert(piece)
                    pieces[piece] = true
                case 10:
                    rarity.remove(piece)
                    pieces[piece] = false
                default:
                    pieces[piece].toggle()
                    rarity.reset(pieces, using: &random)
                }
                SchedulerInvariants.checkOrder(rarity, of: pieces)
            }
        }
    }

    @Test func aPieceNobodyHasCannotBecomeRarer() {
        var rarity = RarityOrder(pieceCount: 1)
        rarity.decrement(0)
        #expect(rarity.availability == [0])
        #expect(rarity.levels == [1])
    }

    @Test func equallyRarePiecesAreShuffledBySeed() {
        func order(seed: UInt64) -> [UInt32] {
            var random = SeededRandom(seed: seed)
            var rarity = RarityOrder(pieceCount: 100)
            var all = PieceSet(count: 100)
            all.insert(0...99)
            rarity.reset(all, using: &random)
            return rarity.order
        }
        #expect(order(seed: 1) == order(seed: 1))
        #expect(order(seed: 1) != order(seed: 2))
        #expect(order(seed: 1).sorted() == Array(0..<100))
    }
}
