import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// A hybrid torrent's two hashes name one swarm (BEP 52).
@Suite(.serialized) struct HybridTests {
    private let one = InfoHash.of(1)
    private let two = InfoHash.of(2)

    private func hybrid() -> Tracker {
        let tracker = makeTracker()
        tracker.allow(one, alias: two, completed: 3)
        return tracker
    }

    @Test func scrapesByEitherHashAreTheSame() {
        let tracker = hybrid()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed, hash: two))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed, hash: one))
        let counts = SwarmCounts(seeders: 1, completed: 4)
        #expect(tracker.scrape([one, two]).map(\.1) == [counts, counts])
        #expect(tracker.totals().torrents == 1 && tracker.drainCompleted() == [one: 1])
        #expect(tracker.isTracking(two) && tracker.peers(of: two) == tracker.peers(of: one))
    }

    @Test func theSeedingFlagIsSetByEither() {
        let tracker = hybrid()
        tracker.localSeeding(two, true)
        #expect(tracker.counts(one).serverSeeding)
        tracker.localSeeding(one, false)
        #expect(!tracker.counts(two).serverSeeding)
        // Said before the torrent was allowed.
        tracker.localSeeding(.of(6), true)
        tracker.allow(.of(5), alias: .of(6))
        #expect(tracker.counts(.of(5)).serverSeeding)
        tracker.localSeeding(.of(6), false)
        #expect(tracker.counts(.of(5)) == SwarmCounts())
    }

    @Test(arguments: [1, 2] as [UInt8]) func refusingEitherRefusesBoth(_ byte: UInt8) {
        let tracker = hybrid()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: two))
        tracker.refuse(.of(byte), reason: .removed)
        let failure = TrackerFailure(reason: "This torrent was removed.", retryIn: .never)
        for hash in [one, two] {
            #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: hash)) == .failure(failure))
        }
        #expect(tracker.totals() == TrackerTotals())
        // Allowed again by either, both are.
        tracker.allow(.of(byte))
        for hash in [one, two] { #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1", hash: hash)) == []) }
        #expect(tracker.counts(one).leechers == 1 && tracker.totals().torrents == 1)
    }

    @Test(arguments: [1, 2] as [UInt8]) func forgettingEitherLeavesNothing(_ byte: UInt8) {
        let tracker = hybrid()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: two))
        tracker.forget(.of(byte))
        let failure = TrackerFailure(reason: "unregistered torrent")
        for hash in [one, two] {
            #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: hash)) == .failure(failure))
        }
        #expect(tracker.totals() == TrackerTotals())
        for hash in [one, two] {
            tracker.logic.store.on(hash) { state in
                #expect(state.aliases.isEmpty && state.others.isEmpty && state.places.isEmpty)
                #expect(state.refused.isEmpty && state.seededHere.isEmpty)
            }
        }
        // The other one may become a torrent of its own.
        tracker.allow(two)
        tracker.allow(one)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: two))
        #expect(tracker.counts(one).leechers == 0 && tracker.counts(two).leechers == 1)
    }

    @Test func anotherAliasTakesThePlaceOfTheFirst() {
        let tracker = hybrid()
        tracker.allow(one, alias: .of(3))
        #expect(tracker.isTracking(.of(3)) && !tracker.isTracking(two))
        tracker.forget(one)
        #expect(!tracker.isTracking(.of(3)))
    }

    /// Peers that came under the other hash before the two were known to be one.
    @Test func peersOfBothAreShared() {
        let tracker = makeTracker(TrackerConfiguration(hosts: [], isOpen: true))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: two))
        tracker.announce(Peer(id: 1, ip: "2600::1", hash: two))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 0, hash: two))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: one))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", hash: one))
        tracker.allow(one, alias: two)
        #expect(tracker.counts(one) == SwarmCounts(seeders: 1, leechers: 2))
        #expect(tracker.totals().torrents == 1 && tracker.totals().addresses == 4)
        #expect(
            tracker.peers(for: Peer(id: 3, ip: "8.0.0.3", hash: two))
                == ["8.0.0.1:6881", "[2600::1]:6881", "8.0.0.2:6881"])
    }

    @Test func snapshotsAreOne() {
        let tracker = hybrid()
        _ = tracker.changedSwarms()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: two))
        #expect(tracker.changedSwarms() == [one])
        #expect(tracker.snapshot(of: two) == tracker.snapshot(of: one))
        let other = hybrid()
        #expect(other.restore(tracker.snapshot(of: one) ?? [], to: two, age: 0) == 1)
        #expect(other.counts(one).leechers == 1)
    }
}
