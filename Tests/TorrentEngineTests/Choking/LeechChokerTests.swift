import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct LeechChokerTests {
    let start = ContinuousClock.now

    private func peer(
        _ id: UInt64, given: Double = 0, rate: Double = 0, isSnubbing: Bool = false, isUnchoked: Bool = false,
        isInterested: Bool = true, since: Double = 0, connected: Double? = nil
    ) -> Choker.Candidate {
        Choker.Candidate(
            id: PeerNumber(rawValue: id), isInterested: isInterested, rate: rate, givenRate: given,
            isSnubbing: isSnubbing, since: start + .seconds(since),
            connectedAt: connected.map { start + .seconds($0) }, isUnchoked: isUnchoked)
    }

    private func ids(_ set: Set<PeerNumber>) -> [UInt64] { set.map(\.rawValue).sorted() }

    @Test func thoseWhoGiveMostAreServed() {
        var choker = Choker(mode: .leech, slots: 3, optimisticSlots: 0)
        let peers = (1...8).map { peer($0, given: Double($0) * 10, rate: Double(100 - $0)) }
        #expect(ids(choker.deal(peers, now: start)) == [6, 7, 8])
    }

    @Test func ofEqualGiversTheFasterTakerIsServed() {
        var choker = Choker(mode: .leech, slots: 1, optimisticSlots: 0)
        #expect(ids(choker.deal([peer(1, given: 5, rate: 1), peer(2, given: 5, rate: 2)], now: start)) == [2])
    }

    @Test func aSnubberLosesItsSlot() {
        var choker = Choker(mode: .leech, slots: 2, optimisticSlots: 0)
        let peers = [
            peer(1, given: 100, isSnubbing: true, isUnchoked: true), peer(2, given: 10), peer(3, given: 5),
        ]
        #expect(ids(choker.deal(peers, now: start)) == [2, 3])
    }

    /// Anti-snubbing: slots that nobody earns any more look for new partners.
    @Test func whenAllSnubUsAllSlotsGoByTurns() {
        var choker = Choker(mode: .leech, slots: 4, optimisticSlots: 1)
        var generator = SplitMix64(seed: 1)
        let snubbers = (1...4).map { peer($0, given: 50, isSnubbing: true, isUnchoked: true) }
        let others = (5...12).map { peer($0) }
        let dealt = ids(choker.deal(snubbers + others, now: start, using: &generator))
        #expect(dealt.count == 4)
        #expect(dealt.allSatisfy { $0 >= 5 })
    }

    @Test func anOptimisticTurnLastsThirtySeconds() throws {
        var choker = Choker(mode: .leech, slots: 2, optimisticSlots: 1)
        var generator = SplitMix64(seed: 2)
        func deal(_ seconds: Double, unchoked: UInt64?) -> Set<PeerNumber> {
            let waiting = (2...9).map { peer($0, isUnchoked: $0 == unchoked) }
            return choker.deal(
                [peer(1, given: 10, isUnchoked: true)] + waiting, now: start + .seconds(seconds), using: &generator)
        }
        let first = deal(0, unchoked: nil)
        let chosen = try #require(ids(first).last)
        #expect(first.count == 2)
        #expect(deal(10, unchoked: chosen) == first)
        #expect(deal(20, unchoked: chosen) == first)
        let next = deal(30, unchoked: chosen)
        #expect(next.count == 2)
        #expect(!ids(next).contains(chosen))
    }

    @Test func whoEarnsASlotLeavesItsTurnToAnother() {
        var choker = Choker(mode: .leech, slots: 2, optimisticSlots: 1)
        var generator = SplitMix64(seed: 3)
        let first = choker.deal([peer(1, given: 10), peer(2), peer(3)], now: start, using: &generator)
        let turn: UInt64 = ids(first).contains(2) ? 2 : 3
        let peers = [
            peer(1, given: 10, isUnchoked: true), peer(turn, given: 20, isUnchoked: true), peer(5 - turn),
        ]
        let second = choker.deal(peers, now: start + .seconds(10), using: &generator)
        #expect(second.count == 2)
        #expect(ids(second).contains(turn))
        #expect(!ids(second).allSatisfy { $0 == 1 || $0 == turn })
    }

    /// BEP 3: a new connection is three times as likely to get the optimistic slot.
    @Test func newPeersAreLikelierToGetATurn() {
        var generator = SplitMix64(seed: 4)
        var newOnes = 0
        for _ in 0..<3_000 {
            var choker = Choker(mode: .leech, slots: 1, optimisticSlots: 1)
            let peers = [peer(1, connected: -10), peer(2, connected: -100), peer(3), peer(4, connected: -3_000)]
            if ids(choker.deal(peers, now: start, using: &generator)) == [1] { newOnes += 1 }
        }
        #expect((1_400...1_600).contains(newOnes))
    }

    @Test func withSlotsForAllAllAreServed() {
        var choker = Choker(mode: .leech, slots: 4, optimisticSlots: 1)
        #expect(ids(choker.deal([peer(1), peer(2, isSnubbing: true), peer(3)], now: start)) == [1, 2, 3])
        #expect(choker.deal([peer(1, given: 10, isInterested: false)], now: start).isEmpty)
    }

    @Test func withoutSlotsNobodyIsServed() {
        var choker = Choker(mode: .leech, slots: 0, optimisticSlots: 1)
        #expect(choker.deal([peer(1, given: 10), peer(2)], now: start).isEmpty)
    }

    @Test func finishingTheDownloadTurnsTheChokerIntoASeeds() {
        var choker = Choker(mode: .leech, slots: 1, optimisticSlots: 0)
        let peers = [peer(1, given: 100, rate: 1, isUnchoked: true), peer(2, rate: 50, isUnchoked: true)]
        #expect(ids(choker.deal(peers, now: start + .seconds(60))) == [1])
        choker.mode = .seed
        #expect(ids(choker.deal(peers, now: start + .seconds(70))) == [2])
    }

    @Test func slotsGrowWithTheUploadLimit() {
        let limits: [Int?] = [0, 5_000, 12_000, 30_000, 100_000, 1_000_000, 100_000_000, nil]
        #expect(limits.map { Choker.slots(uploadLimit: $0, most: 16) } == [0, 2, 3, 4, 7, 16, 16, 16])
        #expect(Choker.slots(uploadLimit: 30_000, most: 1) == 1)
        var choker = Choker(mode: .leech, slots: 1, optimisticSlots: 0)
        choker.setSlots(3, optimisticSlots: 1)
        #expect(choker.deal((1...9).map { peer($0, given: 1) }, now: start).count == 3)
    }

    /// Random candidates: never more than the slots, never one who is not interested, always all slots while enough want.
    @Test(arguments: [Choker.Mode.seed, .leech]) func theSlotsAreAlwaysUsedAndNeverExceeded(mode: Choker.Mode) {
        var generator = SplitMix64(seed: 5)
        var choker = Choker(mode: mode, slots: 5, optimisticSlots: 2)
        var unchoked: Set<PeerNumber> = []
        for round in 0..<2_000 {
            let peers = (1...UInt64.random(in: 1...20, using: &generator)).map { id in
                peer(
                    id, given: Double.random(in: -1...3, using: &generator).rounded(.down) * 10,
                    rate: Double.random(in: 0...9, using: &generator), isSnubbing: .random(using: &generator),
                    isUnchoked: unchoked.contains(PeerNumber(rawValue: id)), isInterested: .random(using: &generator),
                    since: Double(round), connected: Double(round * 10 - 50))
            }
            let interested = Set(peers.filter(\.isInterested).map(\.id))
            unchoked = choker.deal(peers, now: start + .seconds(round * 10), using: &generator)
            #expect(unchoked.isSubset(of: interested))
            #expect(unchoked.count == min(5, interested.count))
        }
    }
}
