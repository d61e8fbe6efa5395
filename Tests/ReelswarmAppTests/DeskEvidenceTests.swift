import Site
import Testing

@testable import ReelswarmApp

@Suite struct DeskEvidenceTests {
    private let start = ContinuousClock.now

    private func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test func withoutATestEvidenceIsPassedOn() {
        let keeper = EvidenceKeeper()
        #expect(keeper.judged(ReachEvidence(), now: start) == ReachEvidence())
        let seen = ReachEvidence(lastInboundPeer: 7, lastAnnounce: 3, lastTransport: .udp)
        #expect(keeper.judged(seen, now: start) == seen)
    }

    @Test func whatOurOwnTestDidIsNoEvidence() {
        let keeper = EvidenceKeeper()
        let number = keeper.begin(at: after(0))
        // Asked while it runs, and after it.
        #expect(keeper.judged(ReachEvidence(lastInboundPeer: 0, lastAnnounce: 1), now: after(2)) == ReachEvidence())
        keeper.end(number, at: after(5))
        #expect(keeper.judged(ReachEvidence(lastInboundPeer: 55, lastAnnounce: 57), now: after(60)) == ReachEvidence())
        // What comes later counts.
        let later = ReachEvidence(lastInboundPeer: 10, lastAnnounce: 20, lastTransport: .http)
        #expect(keeper.judged(later, now: after(60)) == later)
    }

    @Test func whatWasKnownBeforeATestOnlyGrowsOlder() {
        let keeper = EvidenceKeeper()
        let before = ReachEvidence(lastInboundPeer: 10, lastAnnounce: 20, lastTransport: .udp)
        #expect(keeper.judged(before, now: after(0)) == before)
        let number = keeper.begin(at: after(0))
        keeper.end(number, at: after(5))
        let hidden = ReachEvidence(lastInboundPeer: 58, lastAnnounce: 57, lastTransport: .http)
        #expect(
            keeper.judged(hidden, now: after(60))
                == ReachEvidence(lastInboundPeer: 70, lastAnnounce: 80, lastTransport: .udp))
    }

    @Test func twoTestsAtOnceEachHideTheirOwn() {
        let keeper = EvidenceKeeper()
        let (first, second) = (keeper.begin(at: after(0)), keeper.begin(at: after(20)))
        keeper.end(first, at: after(5))
        #expect(keeper.judged(ReachEvidence(lastAnnounce: 0), now: after(25)) == ReachEvidence())
        keeper.end(second, at: after(30))
        keeper.end(second, at: after(90))
        #expect(keeper.judged(ReachEvidence(lastAnnounce: 75), now: after(100)) == ReachEvidence())
        #expect(keeper.judged(ReachEvidence(lastAnnounce: 40), now: after(100)).lastAnnounce == 40)
        #expect(keeper.judged(ReachEvidence(lastAnnounce: .min), now: after(100)).lastAnnounce == 0)
    }
}
