import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct RegistryTests {
    private let hash = InfoHash.of(1)
    private let unregistered = TrackerFailure(reason: "unregistered torrent")

    @Test func removedTorrentsAreRefusedForGood() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.refuse(hash, reason: .removed)
        let failure = TrackerFailure(reason: "This torrent was removed.", retryIn: .never)
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1")) == .failure(failure))
        #expect(tracker.counts(hash) == SwarmCounts())
        #expect(tracker.scrape([hash]).isEmpty)
        #expect(tracker.totals().addresses == 0)
        tracker.allow(hash, completed: 3)
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1")) == [])
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1, completed: 3))
    }

    @Test func switchedOffRefusesEverythingAndForgetsNothing() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.isEnabled = false
        let failure = TrackerFailure(reason: "This tracker is switched off.", retryIn: .minutes(60))
        #expect(tracker.announce(Peer(id: 2, ip: "8.0.0.2")) == .failure(failure))
        #expect(tracker.announce(Peer(id: 2, ip: "8.0.0.2", hash: .of(7))) == .failure(failure))
        tracker.isEnabled = true
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        tracker.refuse(hash, reason: .off)
        #expect(tracker.announce(Peer(id: 2, ip: "8.0.0.2")) == .failure(failure))
    }

    @Test func forgottenTorrentsAreUnknown() {
        let tracker = makeTracker()
        tracker.allow(.of(2))
        tracker.allow(.of(3))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(3)))
        tracker.forget(hash)
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1")) == .failure(unregistered))
        #expect(tracker.counts(.of(3)).leechers == 1)
        #expect(!tracker.isTracking(hash) && tracker.isTracking(.of(2)))
        #expect(tracker.totals().torrents == 2)
    }

    @Test func anAliasOfARemovedTorrentIsRefusedToo() {
        let tracker = makeTracker()
        tracker.allow(hash, alias: .of(2))
        tracker.refuse(hash, reason: .removed)
        guard case .failure(let failure) = tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(2))) else {
            Issue.record("answered for a removed torrent")
            return
        }
        #expect(failure.retryIn == .never)
    }

    /// T09: what was stored continues; what is pending never lowers it.
    @Test func totalsContinueWhereTheyWere() {
        let tracker = makeTracker()
        tracker.allow(.of(5), completed: 41)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed, hash: .of(5)))
        tracker.allow(.of(5), completed: 41)
        #expect(tracker.counts(.of(5)).completed == 42)
        #expect(tracker.drainCompleted() == [.of(5): 1])
    }

    @Test func changesTellTheLatestCounts() async {
        let tracker = makeTracker()
        var changes = tracker.changes().makeAsyncIterator()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 0))
        // Three announces, one change to read: the latest.
        #expect(await changes.next() == SwarmChange(hash: hash, counts: SwarmCounts(seeders: 1, leechers: 1)))
        tracker.allow(.of(2))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped))
        #expect(await changes.next() == SwarmChange(hash: .of(2), counts: SwarmCounts()))
        #expect(await changes.next() == SwarmChange(hash: hash, counts: SwarmCounts(seeders: 1)))
        tracker.refuse(hash, reason: .removed)
        #expect(await changes.next() == SwarmChange(hash: hash, counts: SwarmCounts()))
    }

    @Test func aFollowerThatIsCancelledEnds() async {
        let tracker = makeTracker()
        let changes = tracker.changes()
        let follower = Task { await changes.reduce(into: 0) { count, _ in count += 1 } }
        follower.cancel()
        _ = await follower.value
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        #expect(tracker.counts(hash).leechers == 1)
    }

    @Test func expiryIsAChangeToo() async {
        let clock = TestClock()
        let tracker = makeTracker(clock: clock)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        var changes = tracker.changes().makeAsyncIterator()
        clock.advance(2000)
        tracker.expire()
        #expect(await changes.next() == SwarmChange(hash: hash, counts: SwarmCounts()))
    }
}
