import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct PolicyTests {
    private let hash = InfoHash.of(1)

    @Test func everythingIsBroughtIntoItsRange() {
        let low = TrackerPolicy(
            interval: -1, minimumInterval: -1, defaultPeersWanted: -1, maximumPeersWanted: -1, peersPerSwarm: -1,
            peersPerAddress: -1, hashesPerScrape: -1)
        #expect([low.interval, low.minimumInterval, low.defaultPeersWanted, low.maximumPeersWanted] == [10, 1, 0, 1])
        #expect([low.peersPerSwarm, low.peersPerAddress, low.hashesPerScrape] == [16, 0, 1])
        let high = TrackerPolicy(
            interval: .max, minimumInterval: .max, defaultPeersWanted: .max, maximumPeersWanted: .max,
            peersPerSwarm: .max, peersPerAddress: .max, hashesPerScrape: .max)
        #expect(high.interval == 14_400 && high.minimumInterval == 14_400)
        #expect([high.defaultPeersWanted, high.maximumPeersWanted] == [80, 80])
        #expect([high.peersPerSwarm, high.peersPerAddress, high.hashesPerScrape] == [1_000_000, 10_000, 74])
    }

    @Test(arguments: HandOutRule.allCases) func isWhatWasSet(_ rule: HandOutRule) {
        let tracker = makeTracker()
        let policy = TrackerPolicy(
            interval: 1000, minimumInterval: 100, defaultPeersWanted: 10, maximumPeersWanted: 20, peersPerSwarm: 1234,
            peersPerAddress: 5, hashesPerScrape: 6, handOut: rule, logsAnnounces: false)
        tracker.policy = policy
        #expect(tracker.policy == policy)
        tracker.policy.interval = 0
        #expect(tracker.policy.interval == 10)
    }

    @Test func holdsFromTheNextAnnounceOn() throws {
        let tracker = makeTracker()
        for number in 0..<100 { tracker.announce(Peer(id: number, ip: "8.0.0.\(number)")) }
        tracker.policy = TrackerPolicy(
            interval: 300, minimumInterval: 30, defaultPeersWanted: 3, maximumPeersWanted: 7, hashesPerScrape: 1)
        let few = try tracker.announce(Peer(id: 999, ip: "9.0.0.1")).get()
        #expect(few.interval == 300 && few.minInterval == 30 && few.peers.count == 3)
        #expect(try tracker.announce(Peer(id: 999, ip: "9.0.0.1", numWant: 50)).get().peers.count == 7)
        tracker.allow(.of(2))
        let query = HTTPScrape.query(for: ScrapeRequest(infoHashes: [.of(1), .of(2)]))
        let body = HTTPTrackerEndpoint(tracker: tracker).scrape(query: Array(query.utf8))
        #expect(try HTTPScrape.decode(answer: body).files.count == 1)
    }

    /// Peers were told to come back after 900 seconds; those who do must not be gone by then.
    @Test func aShorterIntervalWaitsForThoseWhoWereToldTheLongerOne() {
        let clock = TestClock()
        let tracker = makeTracker(clock: clock)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.policy.interval = 60
        tracker.policy.interval = 100
        clock.advance(1700)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 1)
        tracker.announce(Peer(id: 2, ip: "8.0.0.2"))
        clock.advance(150)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 1)
        clock.advance(51)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 0)
    }

    @Test func aLongerIntervalHoldsAtOnce() {
        let clock = TestClock()
        let tracker = makeTracker(clock: clock)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.policy.interval = 3000
        clock.advance(6000)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 1)
        clock.advance(1)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 0)
    }

    @Test func lifetimesFollowTheLongestIntervalThatIsOwed() {
        var lifetime = PeerLifetime(interval: 900)
        lifetime.change(to: 100, now: 1000)
        #expect(lifetime.seconds(now: 1000) == 1800)
        // A longer one in between does not cut short what is owed.
        lifetime.change(to: 500, now: 1100)
        lifetime.change(to: 100, now: 1200)
        #expect(lifetime.seconds(now: 2799) == 1800)
        #expect(lifetime.seconds(now: 2800) == 200)
        lifetime.change(to: 14_400, now: 3000)
        lifetime.change(to: 200, now: 4000)
        lifetime.change(to: 100, now: 32_700)
        #expect(lifetime.seconds(now: 33_099) == 28_800 && lifetime.seconds(now: 33_100) == 200)
        lifetime.change(to: 14_400, now: 40_000)
        #expect(lifetime.seconds(now: 40_000) == 28_800)
    }
}
