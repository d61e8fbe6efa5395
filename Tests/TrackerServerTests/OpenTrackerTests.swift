import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct OpenTrackerTests {
    private let clock = TestClock()

    private func open(limit: Int = 100_000) -> Tracker {
        makeTracker(TrackerConfiguration(hosts: [], isOpen: true, swarmLimit: limit), clock: clock)
    }

    @Test func tracksWhatIsAnnounced() {
        let tracker = open()
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1", hash: .of(7))) == [])
        #expect(tracker.peers(for: Peer(id: 2, ip: "8.0.0.2", hash: .of(7))) == ["8.0.0.1:6881"])
        #expect(tracker.counts(.of(7)).leechers == 2 && tracker.totals().torrents == 2)
        // Asking is not announcing.
        #expect(tracker.scrape([.of(8)]).isEmpty && tracker.totals().torrents == 2)
    }

    @Test func forgetsATorrentWithItsLastPeer() {
        let tracker = open(limit: 1)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(7)))
        clock.advance(10_000)
        tracker.expireAll()
        #expect(!tracker.isTracking(.of(7)))
        // An allowed one stays without peers.
        #expect(tracker.isTracking(.of(1)) && tracker.totals().torrents == 1)
        #expect(tracker.changedSwarms().contains(.of(7)) && tracker.snapshot(of: .of(7)) == nil)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(8)))
        #expect(tracker.isTracking(.of(8)))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped, hash: .of(8)))
        tracker.expireAll()
        #expect(!tracker.isTracking(.of(8)))
    }

    @Test func hasALimit() {
        let tracker = open(limit: 10)
        for number in 10..<40 { tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(UInt8(number)))) }
        #expect(tracker.totals().torrents == 11)
        let full = TrackerFailure(reason: "too many torrents", retryIn: .minutes(60))
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(99))) == .failure(full))
        // Known ones, and allowed ones, have their place.
        #expect(tracker.peers(for: Peer(id: 2, ip: "8.0.0.2", hash: .of(10))) == ["8.0.0.1:6881"])
        tracker.allow(.of(10))
        tracker.allow(.of(99))
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1", hash: .of(99))) == [])
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1", hash: .of(98))) == [])
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(97))) == .failure(full))
        tracker.forget(.of(11))
        tracker.refuse(.of(12), reason: .removed)
        for hash in [96, 95] as [UInt8] {
            #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1", hash: .of(hash))) == [])
        }
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(97))) == .failure(full))
    }

    /// Some clients say `stopped` before they begin, and take a refusal for a broken tracker.
    @Test func whoLeavesWhatNobodyKnowsIsAnsweredWithZeros() throws {
        let tracker = open()
        let answer = try tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped, hash: .of(7))).get()
        #expect(answer.leechers == 0 && answer.seeders == 0 && answer.peers.isEmpty)
        #expect(tracker.totals().torrents == 1)
    }

    @Test func whatWasRefusedStaysOut() {
        let tracker = open()
        tracker.refuse(.of(7), reason: .removed)
        let failure = TrackerFailure(reason: "This torrent was removed.", retryIn: .never)
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(7))) == .failure(failure))
        #expect(tracker.restore([], to: .of(7), age: 0) == 0 && !tracker.isTracking(.of(7)))
    }

    /// T05: random hashes leave nothing behind in a tracker that is not open.
    @Test func aHundredThousandRandomHashes() throws {
        let tracker = makeTracker()
        var random = FastRandom(seed: 3)
        for number in 0..<100_000 {
            let words = [random.next(), random.next(), random.next()]
            let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
            let hash = try #require(InfoHash(bytes: bytes.prefix(20)))
            let answer = tracker.announce(Peer(id: number, ip: "8.0.0.1", hash: hash))
            #expect(answer == .failure(TrackerFailure(reason: "unregistered torrent")))
        }
        #expect(tracker.totals() == makeTracker().totals())
    }
}
