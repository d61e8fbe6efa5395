import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// How many entries an address, a client and a swarm may have. Each in a small table and in one with indexes.
@Suite struct LimitTests {
    private let hash = InfoHash.of(1)
    private let clock = TestClock()

    private func tracker(perAddress: Int, others: Int) -> Tracker {
        let tracker = makeTracker(
            TrackerConfiguration(hosts: [], policy: TrackerPolicy(peersPerAddress: perAddress)), clock: clock)
        for number in 0..<others {
            tracker.announce(Peer(id: 100_000 + number, ip: "9.0.\(number >> 8).\(number & 255)", numWant: 0))
            let ip = "2a00:\(String(number, radix: 16))::1"
            tracker.announce(Peer(id: 200_000 + number, ip: ip, numWant: 0))
        }
        return tracker
    }

    private func ports(_ tracker: Tracker, _ ip: (String) -> Bool) -> Set<UInt16> {
        Set(tracker.peers(of: hash).map(\.endpoint).filter { ip($0.address.description) }.map(\.port))
    }

    @Test(arguments: [0, 1000]) func theLongestSilentPortOfAnAddressMakesRoom(_ others: Int) {
        let tracker = tracker(perAddress: 4, others: others)
        for port in 1...4 {
            tracker.announce(Peer(id: port, ip: "8.0.0.1", port: UInt16(port)))
            clock.advance(1)
        }
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", port: 1))
        // Nobody is refused: the newcomer gets its peers.
        #expect(tracker.peers(for: Peer(id: 5, ip: "8.0.0.1", port: 5, numWant: 80))?.isEmpty == false)
        #expect(ports(tracker) { $0 == "8.0.0.1" } == [1, 3, 4, 5])
        #expect(tracker.counts(hash).leechers == 2 * others + 4)
        #expect(tracker.totals().addresses == 2 * others + 4)
    }

    @Test(arguments: [0, 1000]) func anIPv6NetworkIsOneAddress(_ others: Int) {
        let tracker = tracker(perAddress: 4, others: others)
        for number in 1...20 {
            tracker.announce(Peer(id: number, ip: "2600::\(String(number, radix: 16))", port: UInt16(number)))
            clock.advance(1)
            tracker.announce(Peer(id: 100 + number, ip: "2600:0:0:1::\(number)", port: UInt16(number)))
        }
        #expect(ports(tracker) { $0.hasPrefix("2600::") } == [17, 18, 19, 20])
        #expect(ports(tracker) { $0.hasPrefix("2600:0:0:1:") } == [17, 18, 19, 20])
        #expect(tracker.counts(hash).leechers == 2 * others + 8)
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func loopbackHasNoLimit(_ ip: String) {
        let tracker = tracker(perAddress: 4, others: 0)
        for port in 1...500 { tracker.announce(Peer(id: port, ip: ip, port: UInt16(port), numWant: 0)) }
        #expect(tracker.counts(hash).leechers == 500)
        for port in 1...500 { tracker.announce(Peer(id: port, ip: ip, port: UInt16(port), event: .stopped)) }
        #expect(tracker.counts(hash) == SwarmCounts())
    }

    @Test func zeroIsNoLimitAndALoweredOneIsReached() {
        let tracker = tracker(perAddress: 0, others: 0)
        for port in 1...500 { tracker.announce(Peer(id: port, ip: "8.0.0.1", port: UInt16(port), numWant: 0)) }
        #expect(tracker.counts(hash).leechers == 500)
        tracker.policy.peersPerAddress = 10
        for port in 501...1000 { tracker.announce(Peer(id: port, ip: "8.0.0.1", port: UInt16(port), numWant: 0)) }
        #expect(tracker.counts(hash).leechers == 10)
    }

    /// Whoever announces one peer id from everywhere stays one client, and a short walk.
    @Test(arguments: [0, 1000]) func aClientHasEightAddressesAtMost(_ others: Int) {
        let tracker = tracker(perAddress: 64, others: others)
        for number in 1...200 {
            tracker.announce(Peer(id: 7, ip: "8.0.0.\(number)"))
            tracker.announce(Peer(id: 1000 + number, ip: "8.1.0.\(number)", key: 5))
            clock.advance(1)
        }
        #expect(tracker.counts(hash).leechers == 2 * others + 2)
        #expect(tracker.totals().addresses == 2 * others + 16)
        let kept = tracker.peers(of: hash).map(\.endpoint.address.description).filter { $0.hasPrefix("8.0.") }
        #expect(Set(kept) == Set((193...200).map { "8.0.0.\($0)" }))
        for number in 193...200 { tracker.announce(Peer(id: 7, ip: "8.0.0.\(number)", event: .stopped)) }
        #expect(tracker.counts(hash).leechers == 2 * others + 1)
    }

    /// T06: 100,000 peers on one torrent, and every number of peers wanted.
    @Test func aHundredThousandPeers() throws {
        // With a seed under which no two ids share their 32 bits.
        let tracker = makeTracker(TrackerConfiguration(hosts: [], tagSeed: 1), clock: clock)
        for number in 0..<100_000 {
            let ip = "8.\(number >> 16).\(number >> 8 & 255).\(number & 255)"
            tracker.announce(Peer(id: number, ip: ip, left: UInt64(number & 1), numWant: 0))
        }
        let counts = tracker.counts(hash)
        #expect(tracker.totals().addresses <= 50_000)
        #expect(counts.seeders + counts.leechers == tracker.totals().addresses)
        #expect(tracker.totals().seeders == counts.seeders && tracker.totals().leechers == counts.leechers)
        for (wanted, count) in [(Int(UInt32.max >> 1) + 1, 50), (Int.max, 50), (-1, 30), (0, 0), (1, 1)] {
            let answer = try tracker.announce(Peer(id: 1_000_000, ip: "9.9.9.9", numWant: wanted)).get()
            #expect(Set(answer.peers).count == count && answer.peers.count == count)
        }
    }

    /// A run of the index is looked at entry by entry, so it has to be short however the addresses are chosen.
    @Test func indexesAreSpread() throws {
        var table = PeerTable<IPv4PeerAddress>()
        for number in 0..<20_000 {
            let address = try #require(IPv4PeerAddress(.init(v4: 0x0800_0000 + UInt32(number))))
            table.insert(
                PeerEntry(
                    address: address, port: 6881, seen: 0, peerTag: UInt32(number) &* 0x9e37_79b1, keyTag: 0,
                    marks: .counted))
        }
        var index = SlotIndex<EndpointKey>()
        for slot in 0..<table.count { index.insert(slot, in: table.peers) }
        var looks = 0
        for slot in 0..<table.count { index.forEach(at: EndpointKey.hash(table.peers[slot])) { _ in looks += 1 } }
        // At most four fifths full: some 13 on average for an address that is not there.
        #expect(looks < 40 * table.count)
    }
}
