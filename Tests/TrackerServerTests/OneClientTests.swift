import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// DESIGN 2.8: one client counts once.
@Suite struct OneClientTests {
    private let hash = InfoHash.of(1)

    @Test func overBothFamiliesAndTransports() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"), over: .udp)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"), over: .http)
        tracker.announce(Peer(id: 1, ip: "2600::1"), over: .udp)
        tracker.announce(Peer(id: 1, ip: "2600::2"), over: .http)
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        #expect(tracker.peers(of: hash).count == 3)
        #expect(tracker.totals().addresses == 3)
    }

    @Test func byKeyWhenThePeerIDDiffers() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", key: 77))
        tracker.announce(Peer(id: 2, ip: "2600::1", key: 77))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        // A constant instead of a key does not make different programs one.
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", port: 9000, key: 77))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 2))
        tracker.announce(Peer(id: 4, ip: "8.0.0.4", key: 0))
        tracker.announce(Peer(id: 5, ip: "8.0.0.5", key: 0))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 4))
    }

    @Test func itsOtherAddressIsNotHandedToIt() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", key: 77))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3"))
        #expect(tracker.peers(for: Peer(id: 2, ip: "2600::1", key: 77)) == ["8.0.0.3:6881"])
        #expect(tracker.peers(for: Peer(id: 1, ip: "2600::2", key: 77)) == ["8.0.0.3:6881"])
    }

    @Test func underBothHashesOfAHybrid() {
        let tracker = makeTracker()
        tracker.allow(.of(1), alias: .of(2))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(2)))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", hash: .of(2)))
        #expect(tracker.counts(.of(1)) == SwarmCounts(leechers: 2))
        #expect(tracker.counts(.of(2)) == SwarmCounts(leechers: 2))
        #expect(tracker.peers(for: Peer(id: 3, ip: "8.0.0.3", hash: .of(2))) == ["8.0.0.1:6881", "8.0.0.2:6881"])
    }

    @Test func itsLatestAnnounceSaysWhatItIs() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 1, ip: "2600::1"))
        tracker.announce(Peer(id: 1, ip: "2600::1", left: 0))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1))
    }

    @Test(arguments: [["8.0.0.1", "2600::1"], ["2600::1", "8.0.0.1"]]) func itIsThereUntilItsLastAddressGoes(
        _ order: [String]
    ) {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 1, ip: "2600::1"))
        tracker.announce(Peer(id: 1, ip: order[0], event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
        tracker.announce(Peer(id: 1, ip: order[1], event: .stopped))
        #expect(tracker.counts(hash) == SwarmCounts())
    }

    @Test func aNewClientAtTheSameEndpointReplacesTheOld() {
        let tracker = makeTracker()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 2, ip: "8.0.0.1", left: 0))
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1))
        #expect(tracker.peers(of: hash).count == 1)
    }

    /// Random announces, against a model that keeps everything and counts from scratch.
    @Test(arguments: 0..<6) func countsAgreeWithAModel(_ seed: UInt64) {
        var random = FastRandom(seed: seed &* 77 &+ 1)
        let tracker = makeTracker()
        var model: [String: Int] = [:]
        // Few clients and addresses make collisions common; many make the indexes work.
        let (clients, addresses) = seed % 2 == 0 ? (12, 24) : (900, 1500)
        for _ in 0..<6000 {
            let id = random.below(clients)
            let number = random.below(addresses)
            let ip = number % 2 == 0 ? "8.0.\(number >> 8).\(number & 255)" : "2600:0:0:\(String(number, radix: 16))::1"
            let left = UInt64(random.below(2))
            if random.below(4) == 0 {
                // Not complete, so that none of these is a finished download.
                tracker.announce(Peer(id: id, ip: ip, left: 1, event: .stopped))
                if model[ip] == id { model[ip] = nil }
            } else {
                tracker.announce(Peer(id: id, ip: ip, left: left))
                model[ip] = id
            }
            let counts = tracker.counts(hash)
            #expect(counts.seeders + counts.leechers == Set(model.values).count)
        }
        #expect(Set(tracker.peers(of: hash).map(\.endpoint.address.description)) == Set(model.keys))
        for (ip, id) in model { tracker.announce(Peer(id: id, ip: ip, event: .stopped)) }
        #expect(tracker.counts(hash) == SwarmCounts())
    }
}
