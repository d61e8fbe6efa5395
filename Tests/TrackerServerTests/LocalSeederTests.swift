import ByteCoding
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// The seeder of this process (DESIGN 2.8).
@Suite struct LocalSeederTests {
    private let hash = InfoHash.of(1)

    private func seeding(_ explicit: [String] = []) -> Tracker {
        let tracker = makeTracker()
        tracker.setLocalSeeder(addresses: SeederAddresses(explicit: explicit.map(address), port: 6881))
        tracker.localSeeding(hash, true)
        return tracker
    }

    @Test func isCountedOnce() throws {
        let tracker = seeding()
        #expect(tracker.counts(hash) == SwarmCounts(seeders: 1, serverSeeding: true))
        tracker.localSeeding(hash, true)
        let answer = try tracker.announce(Peer(id: 1, ip: "127.0.0.1", port: 7000)).get()
        #expect(answer.seeders == 1 && answer.leechers == 1)
        tracker.localSeeding(hash, false)
        #expect(tracker.counts(hash) == SwarmCounts(leechers: 1))
    }

    @Test func isHandedOutAtTheAddressTheAnnounceArrivedOn() {
        let tracker = seeding()
        #expect(tracker.peers(for: Peer(id: 1, ip: "127.0.0.1", port: 1), at: "127.0.0.1") == ["127.0.0.1:6881"])
        tracker.announce(Peer(id: 1, ip: "127.0.0.1", port: 1, event: .stopped))
        #expect(tracker.peers(for: Peer(id: 1, ip: "10.0.0.5"), at: "10.0.0.1") == ["10.0.0.1:6881"])
        tracker.announce(Peer(id: 1, ip: "10.0.0.5", event: .stopped))
        #expect(tracker.peers(for: Peer(id: 1, ip: "2600::5"), at: "2600::1") == ["[2600::1]:6881"])
        tracker.announce(Peer(id: 1, ip: "2600::5", event: .stopped))
        // Behind a proxy or a NAT that address is of no use to the asker.
        #expect(tracker.peers(for: Peer(id: 1, ip: "9.0.0.1"), at: "127.0.0.1") == [])
        #expect(tracker.peers(for: Peer(id: 1, ip: "9.0.0.1"), at: "10.0.0.1") == [])
    }

    @Test func isHandedOutAtItsGivenAddresses() {
        let tracker = seeding(["8.8.8.8", "2600::8", "192.168.1.8"])
        let global: Set<String> = ["8.8.8.8:6881", "[2600::8]:6881"]
        #expect(tracker.peers(for: Peer(id: 1, ip: "9.0.0.1")) == global)
        #expect(tracker.peers(for: Peer(id: 1, ip: "9.0.0.1"), over: .udp) == ["8.8.8.8:6881"])
        tracker.announce(Peer(id: 1, ip: "9.0.0.1", event: .stopped))
        #expect(tracker.peers(for: Peer(id: 1, ip: "192.168.1.2")) == global.union(["192.168.1.8:6881"]))
        #expect(tracker.peers(for: Peer(id: 1, ip: "192.168.1.2", numWant: 1))?.count == 1)
    }

    @Test func givenAddressesOutOfReachGiveWayToTheLocalOne() {
        let tracker = seeding(["192.168.1.8"])
        #expect(tracker.peers(for: Peer(id: 1, ip: "127.0.0.1", port: 1), at: "127.0.0.1") == ["127.0.0.1:6881"])
    }

    @Test func isNotHandedToSeedersNorToItself() {
        let tracker = seeding()
        #expect(tracker.peers(for: Peer(id: 1, ip: "127.0.0.1", port: 1, left: 0)) == [])
        tracker.announce(Peer(id: 1, ip: "127.0.0.1", port: 1, event: .stopped))
        #expect(tracker.peers(for: Peer(id: 2, ip: "127.0.0.1", port: 6881)) == [])
    }

    /// aria2 says `left=0` in its first announce for a magnet link: it does not know the size yet.
    @Test func isHandedToAClientThatMayLackTheMetadata() {
        let tracker = seeding()
        let first = Peer(id: 1, ip: "127.0.0.1", port: 1, left: 0, event: .started)
        #expect(tracker.peers(for: first) == ["127.0.0.1:6881"])
    }

    @Test func withoutAPortItIsCountedButNotHandedOut() {
        let tracker = seeding()
        tracker.setLocalSeeder(addresses: SeederAddresses(port: 0))
        #expect(tracker.peers(for: Peer(id: 1, ip: "127.0.0.1", port: 1)) == [])
        tracker.setLocalSeeder(addresses: nil)
        #expect(tracker.peers(for: Peer(id: 1, ip: "127.0.0.1", port: 1)) == [])
        #expect(tracker.counts(hash).seeders == 1)
    }

    @Test func mayBeSaidBeforeTheTorrentIsAllowed() {
        let tracker = makeTracker()
        tracker.localSeeding(.of(9), true)
        #expect(tracker.counts(.of(9)) == SwarmCounts())
        tracker.allow(.of(9), completed: 5)
        #expect(tracker.counts(.of(9)) == SwarmCounts(seeders: 1, completed: 5, serverSeeding: true))
    }

    @Test func hearsOfLeechers() async {
        let tracker = seeding()
        var events = tracker.leecherEvents().makeAsyncIterator()
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", event: .stopped))
        tracker.announce(Peer(id: 3, ip: "8.0.0.3", left: 5, event: .paused))
        tracker.announce(Peer(id: 4, ip: "8.0.0.4", event: .started))
        tracker.announce(Peer(id: 5, ip: "2600::5", port: 7000))
        let first = await events.next()
        let second = await events.next()
        #expect(first?.0 == hash)
        #expect(first?.1.description == "8.0.0.4:6881")
        #expect(second?.1.description == "[2600::5]:7000")
    }
}
