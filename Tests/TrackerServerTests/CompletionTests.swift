import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// Counts are the truth: who completed, who left, who is what now.
@Suite struct CompletionTests {
    private let hash = InfoHash.of(1)

    @Test func aSeederThatMissesSomethingIsALeecherAgain() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1, completed: 1))
        #expect(tracker.peers(for: Peer(id: 2, ip: "8.0.0.2", left: 0)) == ["8.0.0.1:6881"])
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 2, completed: 1))
    }

    @Test func aPauseAndItsEnd() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9, event: .paused))
        #expect(tracker.counts(hash) == SwarmCounts(partialSeeds: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        // With everything a pause is no pause (BEP 21).
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .paused))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1))
    }

    /// Who announces over both transports cannot say over UDP that it is a partial seed, in whichever order they come.
    @Test func aPauseOutlivesRegularAnnouncesOverUDP() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9, event: .paused))
        for _ in 0..<2 { tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9), over: .udp) }
        #expect(tracker.counts(hash) == SwarmCounts(partialSeeds: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9, event: .started), over: .udp)
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        // It was none before, so that a regular announce makes it none.
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 9), over: .udp)
        tracker.announce(Peer(id: 2, ip: "8.0.0.1", left: 9), over: .udp)
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
    }

    @Test func aCompletionOverTheSecondFamilyIsTheSame() {
        let tracker = makeTracker()
        for ip in ["8.0.0.1", "2600::1"] { tracker.announce(Peer(id: 1, ip: ip)) }
        for ip in ["2600::1", "8.0.0.1", "2600::1"] {
            tracker.announce(Peer(id: 1, ip: ip, left: 0, event: .completed))
        }
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, completed: 1))
        // Also when the entry that was counted has gone.
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .stopped))
        tracker.announce(Peer(id: 1, ip: "2600::1", left: 0, event: .completed))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, completed: 1))
    }

    @Test func totalsAreTheSumsOfTheSwarms() {
        var random = FastRandom(seed: 9)
        let clock = TestClock()
        let tracker = makeTracker(TrackerConfiguration(hosts: [], isOpen: true), clock: clock)
        for step in 0..<5000 {
            let hash = InfoHash.of(UInt8(1 + random.below(9)))
            switch random.below(200) {
            case 0: tracker.forget(hash)
            case 1: tracker.refuse(hash, reason: .off)
            case 2: tracker.allow(hash, alias: .of(UInt8(11 + random.below(3))))
            case 3: tracker.localSeeding(hash, random.below(2) == 0)
            default:
                let event: AnnounceEvent = [.none, .none, .stopped, .completed, .paused][random.below(5)]
                let ip = random.below(2) == 0 ? "8.0.0.\(random.below(50))" : "2600::\(random.below(50))"
                tracker.announce(
                    Peer(id: random.below(40), ip: ip, left: UInt64(random.below(2)), event: event, hash: hash))
            }
            clock.advance(UInt32(random.below(20)))
            if step % 50 == 0 { tracker.expire() }
            guard step % 25 == 0 else { continue }
            let torrents = (1...13).map { InfoHash.of(UInt8($0)) }.filter { tracker.logic.store.original(of: $0) == $0 }
            let counts = tracker.scrape(torrents).map(\.1)
            let totals = tracker.totals()
            #expect(totals.torrents == counts.count)
            #expect(totals.seeders == counts.reduce(0) { $0 + $1.seeders })
            #expect(totals.leechers == counts.reduce(0) { $0 + $1.leechers })
            #expect(totals.partialSeeds == counts.reduce(0) { $0 + $1.partialSeeds })
            #expect(totals.addresses == torrents.reduce(0) { $0 + tracker.peers(of: $1).count })
        }
    }

    /// BEP 7 and BEP 24 over HTTP, one family over UDP.
    @Test func familiesAreKeptApart() throws {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "2600::2"))
        for (ip, mine) in [("9.0.0.1", "8.0.0.1:6881"), ("2600:9::1", "[2600::2]:6881")] {
            let both = try tracker.announce(Peer(id: 3, ip: ip, port: 1)).get()
            #expect(Set(both.peers.map(\.description)) == ["8.0.0.1:6881", "[2600::2]:6881"])
            #expect(both.externalIP == address(ip))
            #expect(tracker.peers(for: Peer(id: 3, ip: ip, port: 1), over: .udp) == [mine])
            tracker.announce(Peer(id: 3, ip: ip, port: 1, event: .stopped))
        }
    }

    /// Memory comes back with the peers' going, and tables work on.
    @Test func tablesShrink() {
        let clock = TestClock()
        let tracker = makeTracker(clock: clock)
        for number in 0..<20_000 {
            if number == 19_000 { clock.advance(1000) }
            tracker.announce(
                Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)", numWant: 0, key: UInt32(number)))
        }
        clock.advance(1000)
        tracker.expireAll()
        #expect(tracker.counts(hash).leechers == 1000)
        let swarm = tracker.logic.store.swarm(hash)
        #expect((swarm?.v4.peers.capacity ?? .max) < 2100)
        for number in 19_000..<20_000 {
            tracker.announce(Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)", event: .stopped))
        }
        #expect(tracker.counts(hash) == SwarmCounts())
    }
}
