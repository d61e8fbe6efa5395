import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct SuperSeedingTests {
    let start = ContinuousClock.now
    let none = Bitfield(count: 8)

    private func id(_ number: UInt64) -> PeerNumber { PeerNumber(rawValue: number) }
    private func piece(_ number: Int) -> PieceIndex { PieceIndex(UInt32(clamping: number)) }

    @Test func eachPeerIsShownOtherPieces() {
        var seeding = SuperSeeding(pieceCount: 8)
        let first = seeding.join(id(1), have: none, now: start)
        let second = seeding.join(id(2), have: none, now: start)
        #expect(first.map(\.piece) == [piece(0), piece(1)])
        #expect(second.map(\.piece) == [piece(2), piece(3)])
        #expect(seeding.mayServe(piece(0), to: id(1)))
        #expect(!seeding.mayServe(piece(0), to: id(2)))
        #expect(!seeding.mayServe(piece(7), to: id(1)))
        #expect(!seeding.mayServe(piece(99), to: id(1)))
        #expect(!seeding.mayServe(piece(0), to: id(9)))
    }

    @Test func itsOwnAnnouncementEarnsAPeerNothing() {
        var seeding = SuperSeeding(pieceCount: 8)
        _ = seeding.join(id(1), have: none, now: start)
        _ = seeding.join(id(2), have: none, now: start)
        #expect(seeding.has(id(1), piece(0), now: start).isEmpty)
        #expect(seeding.has(id(1), piece(1), now: start).isEmpty)
        #expect(seeding.tick(now: start + .seconds(30)).isEmpty)
    }

    @Test func anothersAnnouncementEarnsTheNextPiece() {
        var seeding = SuperSeeding(pieceCount: 8)
        _ = seeding.join(id(1), have: none, now: start)
        _ = seeding.join(id(2), have: none, now: start)
        _ = seeding.has(id(1), piece(0), now: start)
        let offers = seeding.has(id(2), piece(0), now: start)
        #expect(offers == [SuperSeeding.Offer(peer: id(1), piece: piece(4))])
        #expect(seeding.has(id(2), piece(0), now: start).isEmpty)
        #expect(seeding.has(id(2), piece(99), now: start).isEmpty)
        #expect(seeding.has(id(7), piece(0), now: start).isEmpty)
    }

    @Test func aPeerAloneNeedsNoWitness() {
        var seeding = SuperSeeding(pieceCount: 3)
        _ = seeding.join(id(1), have: Bitfield(count: 3), now: start)
        #expect(seeding.has(id(1), piece(0), now: start).map(\.piece) == [piece(2)])
    }

    @Test func aPeerThatNobodyCanReachGoesOnAfterAWhile() {
        var seeding = SuperSeeding(pieceCount: 8)
        _ = seeding.join(id(1), have: none, now: start)
        _ = seeding.join(id(2), have: none, now: start)
        _ = seeding.has(id(1), piece(0), now: start)
        #expect(seeding.tick(now: start + .seconds(119)).isEmpty)
        #expect(seeding.tick(now: start + .seconds(120)).map(\.peer) == [id(1)])
        // The one that has not even taken its pieces gets no more.
        #expect(seeding.tick(now: start + .seconds(500)).isEmpty)
    }

    @Test func whatOthersHaveIsNotShown() {
        var seeding = SuperSeeding(pieceCount: 3)
        var have = Bitfield(count: 3)
        have[0] = true
        have[1] = true
        #expect(seeding.join(id(1), have: have, now: start).map(\.piece) == [piece(2)])
        #expect(seeding.join(id(2), have: Bitfield(count: 3), now: start).map(\.piece) == [piece(2)])
        #expect(!seeding.isOver)
        #expect(seeding.has(id(2), piece(2), now: start).isEmpty)
        #expect(seeding.isOver)
    }

    @Test func itEndsWhenAnotherSeedIsThere() {
        var seeding = SuperSeeding(pieceCount: 8)
        _ = seeding.join(id(1), have: none, now: start)
        #expect(!seeding.isOver)
        #expect(seeding.hidden(from: id(1)).count == 6)
        #expect(seeding.join(id(2), have: Bitfield(full: 8), now: start).filter { $0.peer == id(2) }.isEmpty)
        #expect(seeding.isOver)
        seeding.leave(id(2))
        #expect(!seeding.isOver)
        #expect(seeding.hidden(from: id(9)).isEmpty)
        #expect(seeding.owns(id(1), Bitfield(count: 5), now: start).isEmpty)
    }

    /// Ten peers that pass pieces on to each other: the seed sends little more than each piece once.
    @Test func nearlyEveryPieceLeavesTheSeedOnce() {
        let (pieceCount, peerCount) = (200, 10)
        var seeding = SuperSeeding(pieceCount: pieceCount)
        var generator = SplitMix64(seed: 6)
        var have = [Set<Int>](repeating: [], count: peerCount)
        var fromSeed: [[Int]] = Array(repeating: [], count: peerCount)
        var sent = 0
        func note(_ offers: [SuperSeeding.Offer]) {
            for offer in offers { fromSeed[Int(offer.peer.rawValue)].append(Int(offer.piece.rawValue)) }
        }
        for peer in 0..<peerCount {
            note(seeding.join(id(UInt64(peer)), have: Bitfield(count: pieceCount), now: start))
        }
        var rounds = 0
        while !seeding.isOver, rounds < 20_000 {
            rounds += 1
            let now = start + .milliseconds(rounds * 100)
            let peer = Int.random(in: 0..<peerCount, using: &generator)
            let other = Int.random(in: 0..<peerCount, using: &generator)
            if let piece = have[other].subtracting(have[peer]).min() {
                have[peer].insert(piece)
                note(seeding.has(id(UInt64(peer)), self.piece(piece), now: now))
            } else if let piece = fromSeed[peer].first(where: { !have[peer].contains($0) }) {
                #expect(seeding.mayServe(self.piece(piece), to: id(UInt64(peer))))
                sent += 1
                have[peer].insert(piece)
                note(seeding.has(id(UInt64(peer)), self.piece(piece), now: now))
            } else {
                note(seeding.tick(now: now))
            }
        }
        #expect(seeding.isOver)
        #expect(sent <= pieceCount * 115 / 100, "\(sent)")
    }
}
