import ByteCoding
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct SwarmRuleTests {
    private let hash = InfoHash.of(1)

    @Test func countsFollowStartCompletionAndStop() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .started))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, completed: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts(completed: 1))
        #expect(tracker.peers(of: hash).isEmpty)
    }

    /// A client that was started anew has another peer id; the farewell of its former self may come late.
    @Test func aLateFarewellOfAnotherClientTakesNobodyAway() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .started))
        tracker.announce(Peer(id: 2, ip: "8.0.0.1", event: .started))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        tracker.announce(Peer(id: 2, ip: "8.0.0.1", event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts())
    }

    /// T08: completed is counted once per peer, also when it comes back or announces over the other family.
    @Test func completedIsCountedOncePerPeer() {
        let tracker = makeTracker()
        for ip in ["8.0.0.1", "2600::1", "8.0.0.1"] {
            tracker.announce(Peer(id: 1, ip: ip, left: 0, event: .completed))
        }
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        #expect(tracker.counts(hash).completed == 1)
        tracker.announce(Peer(id: 2, ip: "8.0.0.1", port: 7000, left: 0, event: .completed))
        #expect(tracker.counts(hash).completed == 2)
        #expect(tracker.drainCompleted() == [hash: 2])
        #expect(tracker.drainCompleted().isEmpty)
    }

    @Test func aCompletionWithBytesMissingIsNone() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 5, event: .completed))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
    }

    /// T08: silent for twice the interval.
    @Test func silentPeersGo() {
        let clock = TestClock()
        let tracker = makeTracker(TrackerConfiguration(hosts: [], policy: TrackerPolicy(interval: 900)), clock: clock)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "2600::2", left: 0))
        clock.advance(1000)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        clock.advance(800)
        tracker.expireAll()
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, leechers: 1))
        clock.advance(1)
        tracker.expireAll()
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        clock.advance(1000)
        tracker.expireAll()
        #expect(tracker.counts(hash) == SwarmCounts())
        #expect(tracker.totals().addresses == 0)
    }

    @Test func expiryIsDoneInSteps() {
        let clock = TestClock()
        let tracker = makeTracker(TrackerConfiguration(hosts: [], shards: 1), clock: clock)
        for number in 0..<40_000 {
            tracker.announce(Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)", numWant: 0))
        }
        clock.advance(10_000)
        tracker.expire()
        #expect((20_000..<40_000).contains(tracker.counts(hash).leechers))
        tracker.expire()
        tracker.expire()
        #expect(tracker.counts(hash).leechers == 0)
    }

    /// T05.
    @Test func unknownTorrentsLeaveNothingBehind() throws {
        let tracker = makeTracker()
        var random = SystemRandomNumberGenerator()
        for number in 0..<20_000 {
            var peer = Peer(id: number, ip: "8.0.0.1")
            peer.hash = try #require(InfoHash(bytes: (0..<20).map { _ in UInt8.random(in: 2...255, using: &random) }))
            guard case .failure(let failure) = tracker.announce(peer) else {
                Issue.record("answered for an unknown torrent")
                return
            }
            #expect(failure == TrackerFailure(reason: "unregistered torrent"))
        }
        #expect(tracker.totals().torrents == 1)
        #expect(tracker.totals().addresses == 0)
    }

    /// T06: many peers, a huge numwant, an entry cap.
    @Test func aLargeSwarmIsCappedAndSampled() throws {
        let clock = TestClock()
        let tracker = makeTracker(
            TrackerConfiguration(hosts: [], policy: TrackerPolicy(peersPerSwarm: 5000)), clock: clock)
        for number in 0..<100_000 {
            if number % 10_000 == 0 { clock.advance(100) }
            tracker.announce(
                Peer(id: number, ip: "8.\(number >> 16).\(number >> 8 & 255).\(number & 255)", numWant: 0))
        }
        #expect(tracker.totals().addresses <= 5000)
        #expect(tracker.counts(hash).leechers == tracker.totals().addresses)
        let oldest = try #require(tracker.peers(of: hash).map(\.silentFor).max())
        #expect(oldest == 0)
        let asker = Peer(id: 1_000_000, ip: "9.9.9.9", numWant: Int(Int32.max))
        let first = try tracker.announce(asker).get().peers
        let second = try tracker.announce(asker).get().peers
        #expect(first.count == 50 && Set(first).count == 50)
        #expect(Set(first) != Set(second))
    }

    @Test func theLongestSilentMakeRoom() {
        let clock = TestClock()
        let tracker = makeTracker(
            TrackerConfiguration(hosts: [], policy: TrackerPolicy(peersPerSwarm: 16)), clock: clock)
        for number in 0..<16 {
            tracker.announce(Peer(id: number, ip: "8.0.0.\(number)"))
            clock.advance(65)
        }
        tracker.announce(Peer(id: 0, ip: "8.0.0.0"))
        tracker.announce(Peer(id: 16, ip: "8.0.0.16"))
        let kept = Set(tracker.peers(of: hash).map(\.endpoint.address.description))
        #expect(kept.count == 16)
        #expect(!kept.contains("8.0.0.1"))
        #expect(kept.isSuperset(of: ["8.0.0.0", "8.0.0.2", "8.0.0.16"]))
    }

    @Test func howManyPeersAreHandedOut() throws {
        let tracker = makeTracker()
        for number in 0..<200 { tracker.announce(Peer(id: number, ip: "8.0.0.\(number)")) }
        let wanted: [(Int?, Int)] = [
            (nil, 30), (0, 0), (1, 1), (30, 30), (31, 31), (50, 50), (51, 50), (-1, 30), (Int.min, 30),
        ]
        for (numWant, count) in wanted {
            let answer = try tracker.announce(Peer(id: 999, ip: "9.0.0.1", numWant: numWant)).get()
            #expect(answer.peers.count == count)
            #expect(Set(answer.peers).count == count)
        }
        let stopped = try tracker.announce(Peer(id: 999, ip: "9.0.0.1", event: .stopped, numWant: 10)).get()
        #expect(stopped.peers.isEmpty)
    }

    @Test func everyPeerIsHandedOutInTheEnd() {
        let tracker = makeTracker()
        for number in 0..<300 { tracker.announce(Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)")) }
        var seen: Set<String> = []
        for _ in 0..<2000 where seen.count < 300 {
            seen.formUnion(tracker.peers(for: Peer(id: 999, ip: "9.0.0.1")) ?? [])
        }
        #expect(seen.count == 300)
    }

    @Test func theAskerIsNotHandedItself() {
        let tracker = makeTracker()
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1")) == [])
        #expect(tracker.peers(for: Peer(id: 1, ip: "8.0.0.1")) == [])
        // Nor at its other address.
        #expect(tracker.peers(for: Peer(id: 1, ip: "2600::1")) == [])
        #expect(tracker.peers(for: Peer(id: 2, ip: "8.0.0.2")) == ["8.0.0.1:6881", "[2600::1]:6881"])
    }

    /// aria2 ends a quick download with `stopped` and `left=0`, and never says `completed`.
    @Test func aLeecherThatLeavesWithEverythingHasCompleted() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 7, event: .started))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts(completed: 1))
        // Not one that was complete before, nor one nobody knows, nor one that gives up.
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 0, event: .started))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 0, event: .stopped))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", left: 0, event: .stopped))
        tracker.announce(Peer(id: 4, ip: "8.0.0.4", left: 7, event: .started))
        tracker.announce(Peer(id: 4, ip: "8.0.0.4", left: 7, event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts(completed: 1))
    }

    @Test func seedersGetLeechersOnly() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 7))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", left: 7, event: .paused))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, leechers: 1, partialSeeds: 1))
        #expect(tracker.peers(for: Peer(id: 4, ip: "8.0.0.4", left: 0)) == ["8.0.0.2:6881"])
        #expect(tracker.peers(for: Peer(id: 5, ip: "8.0.0.5", left: 7, event: .paused)) == ["8.0.0.2:6881"])
        let all = tracker.peers(for: Peer(id: 2, ip: "8.0.0.2", left: 7))
        #expect(all == ["8.0.0.1:6881", "8.0.0.3:6881", "8.0.0.4:6881", "8.0.0.5:6881"])
    }

    @Test func udpAnswersHoldOneFamily() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "2600::2"))
        #expect(tracker.peers(for: Peer(id: 3, ip: "8.0.0.3"), over: .udp) == ["8.0.0.1:6881"])
        #expect(tracker.peers(for: Peer(id: 4, ip: "2600::4"), over: .udp) == ["[2600::2]:6881"])
    }

    /// DESIGN 2.8.
    @Test func addressesStayInTheirScope() {
        let tracker = makeTracker()
        let all = [
            "127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "fe80::1", "fd00::1", "8.0.0.1", "2600::1", "224.0.0.1",
        ]
        for (number, ip) in all.enumerated() { tracker.announce(Peer(id: number, ip: ip)) }
        let everywhere: Set<String> = ["8.0.0.1:6881", "[2600::1]:6881"]
        let loopback = tracker.peers(for: Peer(id: 100, ip: "127.0.0.9", port: 1))
        #expect(loopback == everywhere.union(["127.0.0.1:6881", "[::1]:6881"]))
        tracker.announce(Peer(id: 100, ip: "127.0.0.9", port: 1, event: .stopped))
        let near = tracker.peers(for: Peer(id: 101, ip: "10.9.9.9", port: 1))
        #expect(
            near == everywhere.union(["10.0.0.1:6881", "192.168.1.1:6881", "[fe80::1]:6881", "[fd00::1]:6881"]))
        tracker.announce(Peer(id: 101, ip: "10.9.9.9", port: 1, event: .stopped))
        #expect(tracker.peers(for: Peer(id: 102, ip: "9.0.0.1")) == everywhere)
        #expect(tracker.peers(for: Peer(id: 103, ip: "224.0.0.2")) == everywhere.union(["9.0.0.1:6881"]))
    }

    @Test func portZeroIsRefused() {
        let tracker = makeTracker()
        #expect(tracker.announce(Peer(id: 1, ip: "8.0.0.1", port: 0)) == .failure(TrackerFailure(reason: "bad port")))
        #expect(tracker.totals().addresses == 0)
    }
}
