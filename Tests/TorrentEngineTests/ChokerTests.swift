import Testing

@testable import TorrentEngine

@Suite struct ChokerTests {
    let start = ContinuousClock.now

    private func peer(
        _ id: UInt64, rate: Double = 0, isUnchoked: Bool = false, isInterested: Bool = true, since: Double = 0
    ) -> Choker.Candidate {
        Choker.Candidate(
            id: PeerNumber(rawValue: id), isInterested: isInterested, rate: rate, since: start + .seconds(since),
            isUnchoked: isUnchoked)
    }

    private func ids(_ set: Set<PeerNumber>) -> [UInt64] { set.map(\.rawValue).sorted() }

    @Test func unchokesAllWhileThereAreSlots() {
        var choker = Choker(slots: 4, optimisticSlots: 1)
        #expect(ids(choker.deal([peer(1), peer(2), peer(3)], now: start)) == [1, 2, 3])
        #expect(ids(choker.fillFreeSlots([peer(1), peer(2), peer(3)])) == [1, 2, 3])
    }

    @Test func uninterestedPeersGetNoSlot() {
        var choker = Choker(slots: 4, optimisticSlots: 1)
        let peers = [peer(1, isInterested: false), peer(2, rate: 5, isUnchoked: true, isInterested: false)]
        #expect(choker.deal(peers, now: start).isEmpty)
        #expect(choker.fillFreeSlots(peers).isEmpty)
    }

    @Test func withoutSlotsNobodyIsUnchoked() {
        var choker = Choker(slots: 0, optimisticSlots: 3)
        #expect(choker.deal([peer(1), peer(2)], now: start).isEmpty)
        #expect(choker.fillFreeSlots([peer(1)]).isEmpty)
    }

    @Test func betweenDealsOnlyFreeSlotsAreGiven() {
        var choker = Choker(slots: 2, optimisticSlots: 0)
        let peers = [peer(1, isUnchoked: true), peer(2, since: 5), peer(3, since: 1)]
        #expect(ids(choker.fillFreeSlots(peers)) == [1, 3])
        let full = [peer(1, isUnchoked: true), peer(2, isUnchoked: true), peer(3)]
        #expect(ids(choker.fillFreeSlots(full)) == [1, 2])
    }

    @Test func theFastestTakersKeepTheirSlots() {
        var choker = Choker(slots: 2, optimisticSlots: 0)
        let peers = [
            peer(1, rate: 10, isUnchoked: true), peer(2, rate: 30, isUnchoked: true),
            peer(3, rate: 20, isUnchoked: true),
        ]
        #expect(ids(choker.deal(peers, now: start + .seconds(60))) == [2, 3])
    }

    @Test func aSlotThatIsNotUsedGoesToOneWhoWaits() {
        var choker = Choker(slots: 2, optimisticSlots: 0)
        let peers = [peer(1, rate: 10, isUnchoked: true), peer(2, isUnchoked: true), peer(3)]
        #expect(ids(choker.deal(peers, now: start + .seconds(60))) == [1, 3])
    }

    @Test func onePeerJustUnchokedIsNotJudgedByItsRate() {
        var choker = Choker(slots: 2, optimisticSlots: 0)
        let peers = [peer(1, rate: 10, isUnchoked: true), peer(2, isUnchoked: true, since: 55), peer(3)]
        #expect(ids(choker.deal(peers, now: start + .seconds(60))) == [1, 2])
    }

    @Test func optimisticSlotsStayForThirtySeconds() {
        var choker = Choker(slots: 2, optimisticSlots: 1)
        var peers = [
            peer(1, rate: 30, isUnchoked: true), peer(2, rate: 20, isUnchoked: true), peer(3, since: 1),
            peer(4, since: 2),
        ]
        #expect(ids(choker.deal(peers, now: start + .seconds(40))) == [1, 3])
        peers[1] = peer(2, since: 40)
        peers[2] = peer(3, isUnchoked: true, since: 40)
        #expect(ids(choker.deal(peers, now: start + .seconds(60))) == [1, 3])
        #expect(ids(choker.deal(peers, now: start + .seconds(71))) == [1, 4])
    }

    /// HAZARDS P10: with far more peers than slots each gets its turn.
    @Test func everyPeerGetsItsTurn() {
        var choker = Choker(slots: 4, optimisticSlots: 1)
        var unchoked: Set<PeerNumber> = []
        var since = Dictionary(uniqueKeysWithValues: (1...50).map { (PeerNumber(rawValue: $0), start) })
        var served: Set<PeerNumber> = []
        var now = start
        for _ in 0..<200 {
            now += Choker.round
            let peers = since.map { id, since in
                Choker.Candidate(
                    id: id, isInterested: true, rate: unchoked.contains(id) ? Double(id.rawValue) : 0, since: since,
                    isUnchoked: unchoked.contains(id))
            }
            let next = choker.deal(peers, now: now)
            #expect(next.count == 4)
            for id in next.symmetricDifference(unchoked) { since[id] = now }
            unchoked = next
            served.formUnion(next)
        }
        #expect(served.count == 50)
    }

    @Test func aPeerThatLeavesFreesItsOptimisticSlot() {
        var choker = Choker(slots: 1, optimisticSlots: 1)
        #expect(ids(choker.deal([peer(1), peer(2, since: 1)], now: start)) == [1])
        #expect(ids(choker.deal([peer(2, since: 1), peer(3, since: 2)], now: start + .seconds(10))) == [2])
    }
}
