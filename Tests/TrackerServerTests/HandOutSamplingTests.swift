import ByteCoding
import Testing

@testable import TrackerServer

/// The rules over the peers of a swarm.
@Suite struct HandOutSamplingTests {
    /// A table of peers with the numbers 0..<count, of which the last `seeders` are seeders; a peer's upload grows with
    /// its number, in steps of the scale.
    private func table(_ count: Int, seeders: Int = 0) throws -> PeerTable<IPv4PeerAddress> {
        var table = PeerTable<IPv4PeerAddress>()
        for number in 0..<count {
            var peer = PeerEntry(
                address: try #require(IPv4PeerAddress(Self.address(number))), port: 6881, seen: 0,
                peerTag: UInt32(number + 1), keyTag: 0, marks: number >= count - seeders ? .seeder : [])
            peer.uploaded = UInt16(clamping: number)
            table.insert(peer)
        }
        return table
    }

    private static func address(_ number: Int) -> IPAddress {
        IPAddress(v4: 9 << 24 + UInt32(number))
    }

    private func asker(_ number: Int = 0xff_ffff, seeding: Bool = false) -> Announcement {
        Announcement(
            address: Self.address(number), port: 6881, scope: .public, peerTag: UInt32(number + 1),
            keyTag: 0,
            role: seeding ? .seeding : .leeching, hasCompleted: false, leavesComplete: false, wanted: 0,
            takesBothFamilies: false, localAddress: Self.address(0), mayLackMetadata: false)
    }

    private func sample(
        _ table: inout PeerTable<IPv4PeerAddress>, _ wanted: Int, _ rule: HandOutRule,
        for asker: Announcement,
        ceiling: UInt16 = .max, now: UInt32 = 1_000_000, desk: inout HandOutDesk
    ) -> [Int] {
        var out: [Endpoint] = []
        let terms = HandOutTerms(rule: rule, ceiling: ceiling, now: now)
        table.sample(wanted, for: asker, terms, desk: &desk, into: &out)
        return out.map { Int($0.address.v4Bits ?? 0) - 9 << 24 }
    }

    @Test func uploadersOfASwarmComeInTheirOrder() throws {
        var table = try table(300, seeders: 20)
        var desk = HandOutDesk(seed: 1)
        let best = sample(&table, 10, .uploaders, for: asker(), desk: &desk)
        #expect(best == Array((290..<300).reversed()))
    }

    @Test func claimsAboveTheCeilingAreAllAlike() throws {
        var table = try table(300)
        var desk = HandOutDesk(seed: 1)
        let ceiling: UInt16 = 100
        var seen: Set<Int> = []
        for _ in 0..<100 {
            let best = sample(&table, 10, .uploaders, for: asker(), ceiling: ceiling, desk: &desk)
            #expect(best.allSatisfy { $0 >= 100 })
            seen.formUnion(best)
        }
        #expect(seen.count > 100)
        // A ceiling of nothing leaves no ranking at all.
        seen = []
        for _ in 0..<100 {
            seen.formUnion(sample(&table, 10, .uploaders, for: asker(), ceiling: 0, desk: &desk))
        }
        #expect(seen.contains { $0 < 100 })
    }

    @Test(arguments: HandOutRule.allCases) func seedersGetNoSeeders(_ rule: HandOutRule) throws {
        var table = try table(200, seeders: 100)
        var desk = HandOutDesk(seed: 2)
        for _ in 0..<50 {
            let peers = sample(&table, 50, rule, for: asker(seeding: true), desk: &desk)
            #expect(peers.count == 50)
            #expect(peers.allSatisfy { $0 < 100 })
        }
    }

    /// T06: however large the swarm, an answer is bounded, without repetition and without the asker.
    @Test(arguments: HandOutRule.allCases) func answersAreBoundedAndWithoutTheAsker(
        _ rule: HandOutRule
    ) throws {
        for count in [1, 2, 3, 30, 31, 64, 65, 700, 5_000] {
            var table = try table(count, seeders: count / 3)
            var desk = HandOutDesk(seed: 3)
            for wanted in [0, 1, 30, 80] {
                let peers = sample(&table, wanted, rule, for: asker(count / 2), desk: &desk)
                #expect(Set(peers).count == peers.count)
                #expect(!peers.contains(count / 2))
                #expect(peers.count <= wanted)
                #expect(peers.count >= min(wanted, count - 1) - (count < 1000 ? 0 : 1))
                #expect(peers.allSatisfy { (0..<count).contains($0) })
            }
            #expect(desk.candidates.count <= HandOutWindow.largest)
        }
    }

    @Test func thoseHandedOutLatelyComeLater() throws {
        var table = try table(60)
        for slot in 0..<60 { table.peers[slot].uploaded = 0 }
        var desk = HandOutDesk(seed: 4)
        desk.mix = HandOutMix(uploaders: 0, rested: 100)
        let first = sample(&table, 30, .mixed, for: asker(), desk: &desk)
        let second = sample(&table, 30, .mixed, for: asker(), now: 1_000_016, desk: &desk)
        #expect(Set(first).isDisjoint(with: second))
        let third = sample(&table, 30, .mixed, for: asker(), now: 1_000_032, desk: &desk)
        #expect(Set(third) == Set(first))
    }

    @Test(arguments: [HandOutRule.random, .mixed]) func everybodyIsHandedOutInTime(
        _ rule: HandOutRule
    ) throws {
        var table = try table(2_000, seeders: 500)
        var desk = HandOutDesk(seed: 5)
        var seen: Set<Int> = []
        for round in 0..<1_500 {
            seen.formUnion(
                sample(&table, 30, rule, for: asker(), now: 1_000_000 + UInt32(round), desk: &desk))
        }
        #expect(seen.count == 2_000)
    }

    @Test func theDeskDoesNotGrow() throws {
        var table = try table(5_000)
        var desk = HandOutDesk(seed: 6)
        let capacity = desk.candidates.capacity
        for rule in HandOutRule.allCases { _ = sample(&table, 80, rule, for: asker(), desk: &desk) }
        #expect(desk.candidates.capacity == capacity)
    }

    @Test func theModelIsDeterministic() {
        func answers() -> [UInt32] {
            var model = SwarmModel(rule: .mixed, seed: 9)
            var peers: [UInt32] = []
            for number in 0..<300 {
                model.announce(
                    UInt32(number), uploaded: UInt64(number) * 1000, downloaded: 0, isSeeder: number % 5 == 0,
                    wanted: 30, now: 1_000, into: &peers)
            }
            for number in 0..<100 { model.leave(UInt32(number)) }
            #expect(model.count == 200)
            model.announce(
                250, uploaded: 1, downloaded: 1, isSeeder: true, wanted: 80, now: 2_000, into: &peers)
            #expect(peers.suffix(80).allSatisfy { $0 >= 100 && $0 % 5 != 0 })
            return peers
        }
        #expect(answers() == answers())
    }
}
