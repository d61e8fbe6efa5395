import ByteCoding
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// Swarms that outlive the process. T09.
@Suite struct SnapshotTests {
    private let hash = InfoHash.of(1)
    private let clock = TestClock()

    private func tracker(seed: UInt64 = 42, limit: Int = 50_000) -> Tracker {
        makeTracker(
            TrackerConfiguration(hosts: [], policy: TrackerPolicy(peersPerSwarm: limit), tagSeed: seed), clock: clock)
    }

    /// Both families, all kinds, one client at two addresses.
    private func populated() -> Tracker {
        let tracker = tracker()
        tracker.allow(hash, size: 1000)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        tracker.announce(Peer(id: 1, ip: "2600::1", left: 0))
        tracker.announce(Peer(id: 2, ip: "8.0.0.2", left: 500))
        clock.advance(100)
        tracker.announce(Peer(id: 3, ip: "2600:1::3", left: 7, event: .paused))
        tracker.announce(Peer(id: 4, ip: "127.0.0.1", port: 7000, left: 7))
        return tracker
    }

    private func restored(_ bytes: [UInt8], age: Int = 0, to tracker: Tracker? = nil) -> Tracker {
        let tracker = tracker ?? self.tracker()
        tracker.restore(bytes, to: hash, age: age)
        return tracker
    }

    @Test func everythingComesBack() throws {
        let before = populated()
        let bytes = try #require(before.snapshot(of: hash))
        let after = tracker()
        #expect(after.restore(bytes, to: hash, age: 0) == 5)
        func sorted(_ peers: [SwarmPeer]) -> [SwarmPeer] {
            peers.sorted { $0.endpoint.description < $1.endpoint.description }
        }
        #expect(sorted(after.peers(of: hash)) == sorted(before.peers(of: hash)))
        #expect(after.peers(of: hash).allSatisfy { $0.client == "-XX0001-" })
        let counts = after.counts(hash)
        #expect(counts == SwarmCounts(seeders: 1, leechers: 2, partialSeeds: 1))
        #expect(after.totals().addresses == 5 && after.totals().seeders == 1)
        // In their scopes as before.
        #expect(after.peers(for: Peer(id: 9, ip: "9.0.0.1"), over: .udp) == ["8.0.0.1:6881", "8.0.0.2:6881"])
    }

    /// About 23 bytes an IPv4 peer.
    @Test func isCompact() throws {
        let tracker = tracker()
        for number in 0..<1000 { tracker.announce(Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)")) }
        let bytes = try #require(tracker.snapshot(of: hash))
        #expect(bytes.count == 7 + 8 + 23 * 1000)
    }

    /// T08 and T09: a download is counted once, also when its peer says so again after the restart, over either family.
    @Test func completionsAreNotCountedAgain() throws {
        let after = restored(try #require(populated().snapshot(of: hash)))
        after.allow(hash, completed: 1)
        for ip in ["2600::1", "8.0.0.1"] { after.announce(Peer(id: 1, ip: ip, left: 0, event: .completed)) }
        #expect(after.counts(hash).completed == 1 && after.drainCompleted().isEmpty)
        after.announce(Peer(id: 2, ip: "8.0.0.2", left: 0, event: .completed))
        #expect(after.counts(hash) == SwarmCounts(seeders: 2, leechers: 1, completed: 2, partialSeeds: 1))
    }

    @Test func clientsAreKnownAgain() throws {
        let after = restored(try #require(populated().snapshot(of: hash)))
        // The same client over a third address is nobody new, and is not handed itself.
        #expect(after.peers(for: Peer(id: 1, ip: "8.0.0.77", left: 5), over: .udp) == ["8.0.0.2:6881"])
        #expect(after.counts(hash).leechers + after.counts(hash).seeders == 3)
        for ip in ["8.0.0.1", "2600::1", "8.0.0.77"] { after.announce(Peer(id: 1, ip: ip, left: 5, event: .stopped)) }
        #expect(after.counts(hash) == SwarmCounts(leechers: 2, partialSeeds: 1))
    }

    /// Under another key nobody is recognized, but counts do not fall, and each is replaced as it announces.
    @Test func anotherSeedReplacesThem() throws {
        let other = restored(try #require(populated().snapshot(of: hash)), to: tracker(seed: 43))
        #expect(other.counts(hash) == SwarmCounts(seeders: 1, leechers: 2, partialSeeds: 1))
        other.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        other.announce(Peer(id: 1, ip: "2600::1", left: 0))
        other.announce(Peer(id: 2, ip: "8.0.0.2", left: 500))
        #expect(other.counts(hash) == SwarmCounts(seeders: 1, leechers: 2, partialSeeds: 1))
        #expect(other.totals().addresses == 5)
    }

    @Test func whoNeverReturnsExpires() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        // 100 + 1600 seconds of silence are within twice the interval, 100 + 1701 are not.
        #expect(restored(bytes, age: 1600).totals().addresses == 5)
        #expect(restored(bytes, age: 1701).totals().addresses == 2)
        #expect(restored(bytes, age: 1801).totals().addresses == 0)
        for age in [Int.max, 100_000, 65_536] { #expect(restored(bytes, age: age).totals().addresses == 0) }
        let after = restored(bytes, age: -5)
        #expect(after.totals().addresses == 5)
        after.announce(Peer(id: 2, ip: "8.0.0.2", left: 500))
        clock.advance(1701)
        after.expireAll()
        #expect(after.counts(hash) == SwarmCounts(leechers: 2, partialSeeds: 1))
        clock.advance(101)
        after.expireAll()
        #expect(after.counts(hash) == SwarmCounts())
    }

    @Test func whatIsKnownStays() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        let after = tracker()
        after.announce(Peer(id: 2, ip: "8.0.0.2", left: 0))
        after.announce(Peer(id: 8, ip: "8.0.0.1", left: 3))
        #expect(after.restore(bytes, to: hash, age: 0) == 3)
        #expect(after.counts(hash) == SwarmCounts(seeders: 2, leechers: 2, partialSeeds: 1))
        #expect(after.restore(bytes, to: hash, age: 0) == 0)
    }

    @Test func limitsHold() throws {
        let large = tracker()
        for number in 0..<500 { large.announce(Peer(id: number, ip: "8.0.\(number >> 8).\(number & 255)")) }
        let bytes = try #require(large.snapshot(of: hash))
        let small = tracker(limit: 100)
        #expect(small.restore(bytes, to: hash, age: 0) == 100)
        #expect(small.counts(hash).leechers == 100)
    }

    @Test func changesAreNoted() async throws {
        let bytes = try #require(populated().snapshot(of: hash))
        let after = tracker()
        var changes = after.changes().makeAsyncIterator()
        after.restore(bytes, to: hash, age: 0)
        let counts = SwarmCounts(seeders: 1, leechers: 2, partialSeeds: 1)
        #expect(await changes.next() == SwarmChange(hash: hash, counts: counts))
    }

    @Test func tellsWhichSwarmsToStore() {
        let tracker = tracker()
        tracker.allow(.of(2))
        #expect(tracker.changedSwarms().isEmpty)
        for _ in 0..<3 { tracker.announce(Peer(id: 1, ip: "8.0.0.1")) }
        #expect(tracker.changedSwarms() == [hash])
        #expect(tracker.changedSwarms().isEmpty)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        #expect(tracker.changedSwarms() == [hash])
        clock.advance(5000)
        tracker.expireAll()
        #expect(tracker.changedSwarms() == [hash])
        #expect(tracker.snapshot(of: hash) == [])
        tracker.refuse(.of(2), reason: .removed)
        #expect(tracker.changedSwarms() == [.of(2)])
        #expect(tracker.snapshot(of: .of(2)) == nil)
    }

    @Test func unknownTorrentsTakeNothing() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        #expect(tracker().restore(bytes, to: .of(9), age: 0) == 0)
        let open = makeTracker(TrackerConfiguration(hosts: [], isOpen: true), clock: clock)
        #expect(open.restore(bytes, to: .of(9), age: 0) == 5)
        #expect(open.counts(.of(9)).seeders == 1)
    }

    /// For torrents that nobody allows with their number.
    @Test func theNumberOfDownloadsComesBack() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        let open = makeTracker(TrackerConfiguration(hosts: [], isOpen: true), clock: clock)
        open.restore(bytes, to: .of(9), age: 0, completed: 12)
        #expect(open.counts(.of(9)).completed == 12)
        open.restore([], to: .of(9), age: 0, completed: 7)
        #expect(open.counts(.of(9)).completed == 12)
        open.restore([], to: .of(9), age: 0, completed: 20)
        open.restore([1], to: .of(9), age: 0, completed: 30)
        #expect(open.counts(.of(9)).completed == 20)
        // Without peers there is nothing to keep.
        open.restore([], to: .of(8), age: 0, completed: 5)
        #expect(!open.isTracking(.of(8)) && open.drainCompleted().isEmpty)
    }

    /// Every cut, many flipped bits, any bytes: nothing is taken in, nothing traps.
    @Test func brokenBytesAreNothing() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        let tracker = tracker()
        for length in 0..<bytes.count { #expect(tracker.restore(Array(bytes[..<length]), to: hash, age: 0) == 0) }
        #expect(tracker.restore(bytes + [0], to: hash, age: 0) == 0)
        for index in bytes.indices {
            for bit in 0..<8 {
                var broken = bytes
                broken[index] ^= 1 << bit
                #expect(tracker.restore(broken, to: hash, age: 0) == 0)
            }
        }
        var random = FastRandom(seed: 5)
        for _ in 0..<2000 {
            let noise = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
            #expect(tracker.restore(noise, to: hash, age: 0) == 0)
        }
        #expect(tracker.totals().addresses == 0)
    }

    /// The same with a check that is right: whatever is taken in is counted as it expires.
    @Test func strangeBytesDoNoHarm() throws {
        let bytes = try #require(populated().snapshot(of: hash))
        var random = FastRandom(seed: 6)
        for _ in 0..<3000 {
            var body = Array(bytes.dropLast(4))
            for _ in 0..<1 + random.below(5) { body[random.below(body.count)] = UInt8(random.below(256)) }
            if random.below(3) == 0 { body = Array(body.prefix(random.below(body.count))) }
            let check = body.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
            body.append(bigEndian: check)
            let tracker = restored(body)
            let counts = tracker.counts(hash)
            #expect(counts.seeders + counts.leechers + counts.partialSeeds <= tracker.totals().addresses)
            for peer in tracker.peers(of: hash) {
                // Another client takes the place of each, and leaves.
                let (ip, port) = (peer.endpoint.address.description, peer.endpoint.port)
                tracker.announce(Peer(id: 0, ip: ip, port: port, left: 1))
                tracker.announce(Peer(id: 0, ip: ip, port: port, left: 1, event: .stopped))
            }
            #expect(tracker.counts(hash) == SwarmCounts() && tracker.totals().addresses == 0)
        }
    }
}
